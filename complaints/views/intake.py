from django.http import HttpRequest, HttpResponse


def intake(request: HttpRequest) -> HttpResponse:
    raise NotImplementedError


customers = repeats = intake
