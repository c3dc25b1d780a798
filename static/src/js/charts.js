/* Charts of the tables beside them: every number is read from a cell, so that both say the same. */
import { BarChart, LineChart, ScatterChart } from "echarts/charts";
import { AriaComponent, GridComponent, LegendComponent, MarkLineComponent, TooltipComponent } from "echarts/components";
import { init, use } from "echarts/core";
import { CanvasRenderer } from "echarts/renderers";

use([AriaComponent, BarChart, CanvasRenderer, GridComponent, LegendComponent, LineChart, MarkLineComponent, ScatterChart, TooltipComponent]);

const token = (name) => getComputedStyle(document.documentElement).getPropertyValue(`--${name}`).trim();
const number = (text) => (text ? Number(text) : null);
const rows = (table) => [...table.tBodies[0].rows];
const name = (row) => row.cells[0].textContent.trim();

/* A share is drawn in per cent, beside the score of −100…100. */
const scaled = (value, series) => (value === null || series === "nps" ? value : value * 100);
const round2 = (value) => (value === null ? null : Math.round(value * 100) / 100);
const round = (value) => (value === null ? null : Math.round(value * 10) / 10);

function trend(table) {
  const lines = rows(table);
  const heads = [...table.tHead.rows[0].cells];
  const colours = [token("brand"), token("met"), token("risk")];
  const series = heads.flatMap((head, column) => {
    if (!head.dataset.series) return [];
    const colour = colours[heads.slice(0, column).filter((each) => each.dataset.series).length % colours.length];
    const part = (key) => lines.map((line) => round(scaled(number(line.cells[column].dataset[key]), head.dataset.series)));
    const low = part("low");
    const band = { type: "line", stack: head.textContent, stackStrategy: "all", symbol: "none", silent: true, lineStyle: { opacity: 0 }, tooltip: { show: false } };
    return [
      { ...band, data: low, areaStyle: { opacity: 0 } },
      { ...band, data: part("high").map((high, at) => (high === null ? null : round(high - low[at]))), areaStyle: { color: colour, opacity: 0.12 } },
      { type: "line", name: head.textContent.trim(), data: part("value"), color: colour, symbolSize: 7, connectNulls: false },
    ];
  });
  return {
    grid: { left: 44, right: 16, top: 36, bottom: 28 },
    legend: { top: 0, left: 0, data: series.filter((each) => each.name).map((each) => each.name), textStyle: { color: token("ink-2") } },
    xAxis: { type: "category", data: lines.map(name), axisLabel: { color: token("ink-2") }, axisLine: { lineStyle: { color: token("control") } } },
    yAxis: { type: "value", axisLabel: { color: token("ink-2") }, splitLine: { lineStyle: { color: token("line") } } },
    tooltip: { trigger: "axis" },
    series,
  };
}

function bars(table) {
  const lines = rows(table);
  return {
    grid: { left: 8, right: 8, top: 8, bottom: 24, containLabel: false },
    xAxis: { type: "category", data: lines.map(name), axisLabel: { color: token("ink-2"), interval: 0, width: 72, overflow: "truncate" }, axisTick: { show: false }, axisLine: { lineStyle: { color: token("control") } } },
    yAxis: { type: "value", show: false, min: 0 },
    tooltip: { trigger: "item", formatter: ({ name: label, value }) => `${label}: ${value} %` },
    series: [{ type: "bar", data: lines.map((line) => round(scaled(number(line.cells[1].dataset.value)))), color: token("data"), barMaxWidth: 40, emphasis: { disabled: true } }],
  };
}

function map(table, place) {
  const points = rows(table).map((line) => ({ name: name(line), value: [number(line.cells[1].dataset.value), number(line.cells[2].dataset.value)] }));
  const middle = (axis) => points.reduce((sum, point) => sum + point.value[axis], 0) / points.length;
  /* Room for the labels, and none for the noise of equal numbers. */
  const room = ({ min, max }) => Math.max((max - min) * 0.15, 0.05);
  const axis = (label) => ({ type: "value", min: (range) => range.min - room(range), max: (range) => range.max + room(range), name: label, nameLocation: "middle", nameGap: 26, nameTextStyle: { color: token("ink-2") }, axisLabel: { color: token("ink-2"), showMinLabel: false, showMaxLabel: false, formatter: (value) => value.toFixed(2) }, splitLine: { show: false }, axisLine: { show: true, lineStyle: { color: token("control") } } });
  return {
    grid: { left: 52, right: 24, top: 16, bottom: 44 },
    xAxis: axis(place.dataset.x),
    yAxis: axis(place.dataset.y),
    tooltip: { trigger: "item", formatter: ({ name: label, value }) => `${label}: ${value.map((each) => each.toFixed(2)).join(" · ")}` },
    series: [{
      type: "scatter", data: points, symbolSize: 11, color: token("brand"),
      label: { show: true, position: "top", formatter: "{b}", color: token("ink"), width: 120, overflow: "truncate" },
      labelLayout: { hideOverlap: true },
      markLine: { silent: true, precision: 10, symbol: "none", label: { show: false }, lineStyle: { color: token("ink-3"), type: "dashed" }, data: [{ xAxis: middle(0) }, { yAxis: middle(1) }] },
    }],
  };
}

/* Weeks between their limits; a signal is a filled triangle, so that it reads without colour. */
function control(table) {
  const lines = rows(table);
  const part = (key) => lines.map((line) => round2(number(line.cells[1].dataset[key])));
  const limit = (key) => ({ type: "line", name: table.dataset.limitWords, data: part(key), step: "middle", symbol: "none", silent: true, color: token("ink-3"), lineStyle: { type: "dashed", width: 1 } });
  const values = part("value").map((value, at) => ("signal" in lines[at].dataset ? { value, symbol: "triangle", symbolSize: 12, itemStyle: { color: token("over") } } : { value }));
  const centre = round2(number(table.dataset.centre));
  return {
    grid: { left: 44, right: 76, top: 16, bottom: 28 },
    xAxis: { type: "category", data: lines.map(name), axisLabel: { color: token("ink-2"), hideOverlap: true }, axisLine: { lineStyle: { color: token("control") } } },
    yAxis: { type: "value", scale: true, axisLabel: { color: token("ink-2") }, splitLine: { show: false } },
    tooltip: { trigger: "axis" },
    series: [
      limit("low"),
      limit("high"),
      {
        type: "line", name: table.dataset.valueWords, data: values, color: token("brand"), symbol: "circle", symbolSize: 6, connectNulls: false,
        markLine: centre === null ? undefined : { silent: true, symbol: "none", lineStyle: { color: token("ink-3"), type: "solid", width: 1 }, label: { color: token("ink-2"), formatter: table.dataset.centreWords }, data: [{ yAxis: centre }] },
      },
    ],
  };
}

const KINDS = { trend, bars, map, control };

/* Tooltips are drawn, not written: the policy of the page allows no inline style. */
function option(place, table) {
  const { tooltip, ...rest } = KINDS[place.dataset.chart](table, place);
  return {
    animation: false,
    title: { text: place.dataset.words },
    aria: { enabled: true, label: { enabled: true }, decal: { show: true } },
    textStyle: { fontFamily: getComputedStyle(document.body).fontFamily },
    tooltip: { ...tooltip, renderMode: "richText", confine: true },
    ...rest,
  };
}

function draw(place) {
  const table = document.getElementById(place.dataset.table);
  place.classList.add("is-drawn");
  const locale = document.documentElement.lang.startsWith("zh") ? "ZH" : "EN";
  const chart = init(place, null, { renderer: "canvas", locale });
  const paint = () => chart.setOption(option(place, table), true);
  paint();
  place.setAttribute("role", "img");
  return { chart, paint };
}

const drawn = [...document.querySelectorAll("[data-chart]")].map(draw);
new ResizeObserver(() => drawn.forEach(({ chart }) => chart.resize())).observe(document.getElementById("main"));
matchMedia("(prefers-color-scheme: dark)").addEventListener("change", () => drawn.forEach(({ paint }) => paint()));
