"""The addresses of the incentives under /api/v1/."""

from django.urls import path

from staff.api import (
    awareness,
    contest,
    contest_plans,
    contest_reviews,
    learning_urls,
    micro_reports,
    points,
    programme,
    rewards,
    satisfaction,
    scorecards,
    stars,
    thanks,
)

ROUND = "satisfaction/<slug:quarter>/"
CARD = "scorecards/<int:pk>/"

CONTEST = "contests/<int:pk>/"
PLAN = "contest-plans/<int:pk>/"
REVIEW = "contest-reviews/<int:pk>/"
AWARD = "contest-awards/<int:pk>/"
REDEMPTION = "redemptions/<int:pk>/"
STAR = "stars/<int:pk>/"
CANDIDATE = f"{STAR}candidates/<int:candidate_pk>/"
TURN = "micro-reports/turns/<int:pk>/"
STORY = "micro-reports/<int:pk>/"

contests = [
    path("contests/", contest.Contests.as_view(), name="api-contests"),
    path("contests/timeliness/", contest.TimelyPlans.as_view(), name="api-contest-timeliness"),
    path(CONTEST, contest.OneContest.as_view(), name="api-contest"),
    path(f"{CONTEST}days/", contest.ContestDays.as_view(), name="api-contest-days"),
    path(f"{CONTEST}marks/", contest.Marks.as_view(), name="api-contest-marks"),
    path(f"{CONTEST}announce/", contest.Announce.as_view(), name="api-contest-announce"),
    path("contest-plans/", contest_plans.Plans.as_view(), name="api-contest-plans"),
    path(PLAN, contest_plans.OnePlan.as_view(), name="api-contest-plan"),
    path(f"{PLAN}submit/", contest_plans.SubmitPlan.as_view(), name="api-contest-plan-submit"),
    path(f"{PLAN}return/", contest_plans.ReturnPlan.as_view(), name="api-contest-plan-return"),
    path(f"{PLAN}accept/", contest_plans.AcceptPlan.as_view(), name="api-contest-plan-accept"),
    path(f"{PLAN}report/", contest_plans.ReportPlan.as_view(), name="api-contest-plan-report"),
    path(f"{PLAN}promote/", contest_plans.PromotePlan.as_view(), name="api-contest-plan-promote"),
    path(
        f"{PLAN}files/<uuid:file_id>/",
        contest_plans.PlanFile.as_view(),
        name="api-contest-plan-file",
    ),
    path("contest-reviews/", contest_reviews.Reviews.as_view(), name="api-contest-reviews"),
    path(REVIEW, contest_reviews.OneReview.as_view(), name="api-contest-review"),
    path(f"{REVIEW}marks/", contest_reviews.Judge.as_view(), name="api-contest-review-marks"),
    path(
        f"{REVIEW}conflict/",
        contest_reviews.DeclareConflict.as_view(),
        name="api-contest-review-conflict",
    ),
    path("contest-awards/", contest.Awards.as_view(), name="api-contest-awards"),
    path(AWARD, contest.OneAward.as_view(), name="api-contest-award"),
    path(f"{AWARD}hand-over/", contest.HandOver.as_view(), name="api-contest-award-hand-over"),
    path(f"{AWARD}ceremony/", contest.HoldCeremony.as_view(), name="api-contest-award-ceremony"),
    path(f"{AWARD}photo/<uuid:file_id>/", contest.Photo.as_view(), name="api-contest-award-photo"),
    path("good-practices/", contest.Practices.as_view(), name="api-good-practices"),
]
rewarding = [
    path("points/", points.OwnStatement.as_view(), name="api-points"),
    path("points/balance/", points.Balance.as_view(), name="api-points-balance"),
    path("points/board/", points.Board.as_view(), name="api-points-board"),
    path("points/rules/", points.Rules.as_view(), name="api-point-rules"),
    path("points/<int:pk>/take-back/", points.TakeBack.as_view(), name="api-points-take-back"),
    path("people/<int:pk>/points/", points.StatementOfPerson.as_view(), name="api-person-points"),
    path("rewards/", rewards.Rewards.as_view(), name="api-rewards"),
    path("rewards/<int:pk>/", rewards.OneReward.as_view(), name="api-reward"),
    path("redemptions/", rewards.Redemptions.as_view(), name="api-redemptions"),
    path(REDEMPTION, rewards.OneRedemption.as_view(), name="api-redemption"),
    path(f"{REDEMPTION}approve/", rewards.Approve.as_view(), name="api-redemption-approve"),
    path(f"{REDEMPTION}refuse/", rewards.Refuse.as_view(), name="api-redemption-refuse"),
    path(f"{REDEMPTION}withdraw/", rewards.Withdraw.as_view(), name="api-redemption-withdraw"),
    path(f"{REDEMPTION}hand-over/", rewards.HandOver.as_view(), name="api-redemption-hand-over"),
    path("fund/", rewards.Fund.as_view(), name="api-fund"),
    path("thanks/", thanks.AllThanks.as_view(), name="api-thanks"),
    path("thanks/<int:pk>/", thanks.WithdrawThanks.as_view(), name="api-one-thanks"),
]
quarters = [
    path("programme/", programme.Programme.as_view(), name="api-programme"),
    path("satisfaction/", satisfaction.Rounds.as_view(), name="api-satisfaction"),
    path(ROUND, satisfaction.OneRound.as_view(), name="api-satisfaction-round"),
    path(f"{ROUND}answers/", satisfaction.StaffAnswers.as_view(), name="api-satisfaction-answers"),
    path("scorecards/", scorecards.Scorecards.as_view(), name="api-scorecards"),
    path("scorecards/now/", scorecards.RunningCard.as_view(), name="api-scorecard-now"),
    path("scorecards/close/", scorecards.CloseCards.as_view(), name="api-scorecards-close"),
    path("scorecards/schemes/", scorecards.CardSchemes.as_view(), name="api-card-schemes"),
    path(
        "scorecards/schemes/<slug:post>/",
        scorecards.OneCardScheme.as_view(),
        name="api-card-scheme",
    ),
    path(CARD, scorecards.OneScorecard.as_view(), name="api-scorecard"),
    path(f"{CARD}appeal/", scorecards.AppealCard.as_view(), name="api-scorecard-appeal"),
    path(f"{CARD}answer/", scorecards.AnswerCardAppeal.as_view(), name="api-scorecard-answer"),
]
elections = [
    path("stars/", stars.Elections.as_view(), name="api-stars"),
    path(STAR, stars.OneElection.as_view(), name="api-star"),
    path(f"{STAR}open/", stars.OpenVote.as_view(), name="api-star-open"),
    path(f"{STAR}decide/", stars.Decide.as_view(), name="api-star-decide"),
    path(f"{STAR}prize/", stars.HandOver.as_view(), name="api-star-prize"),
    path(f"{STAR}candidates/", stars.Candidates.as_view(), name="api-star-candidates"),
    path(CANDIDATE, stars.OneCandidate.as_view(), name="api-star-candidate"),
    path(
        f"{CANDIDATE}withdraw/",
        stars.WithdrawCandidate.as_view(),
        name="api-star-candidate-withdraw",
    ),
]

stories = [
    path("micro-reports/", micro_reports.MicroReports.as_view(), name="api-micro-reports"),
    path("micro-reports/turns/", micro_reports.Turns.as_view(), name="api-turns"),
    path(f"{TURN}story/", micro_reports.TurnStory.as_view(), name="api-turn-story"),
    path(f"{TURN}swap/", micro_reports.SwapTurn.as_view(), name="api-turn-swap"),
    path(f"{TURN}hand-on/", micro_reports.HandOnTurn.as_view(), name="api-turn-hand-on"),
    path(
        "micro-reports/swaps/<int:pk>/answer/",
        micro_reports.AnswerSwap.as_view(),
        name="api-swap-answer",
    ),
    path(STORY, micro_reports.OneMicroReport.as_view(), name="api-micro-report"),
    path(
        f"{STORY}submit/",
        micro_reports.SubmitMicroReport.as_view(),
        name="api-micro-report-submit",
    ),
    path(
        f"{STORY}approve/",
        micro_reports.ApproveMicroReport.as_view(),
        name="api-micro-report-approve",
    ),
    path(
        f"{STORY}return/",
        micro_reports.ReturnMicroReport.as_view(),
        name="api-micro-report-return",
    ),
    path(
        f"{STORY}withdraw/",
        micro_reports.WithdrawMicroReport.as_view(),
        name="api-micro-report-withdraw",
    ),
    path(f"{STORY}meeting/", awareness.Meeting.as_view(), name="api-micro-report-meeting"),
    path(f"{STORY}awareness/", awareness.Draw.as_view(), name="api-micro-report-awareness"),
    path("awareness/", awareness.Awareness.as_view(), name="api-awareness"),
    path(
        "awareness/<int:pk>/answers/",
        awareness.AskedAnswers.as_view(),
        name="api-awareness-answers",
    ),
]
urlpatterns = [*contests, *rewarding, *quarters, *elections, *stories, *learning_urls.urlpatterns]
