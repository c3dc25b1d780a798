from organisation.models.absence import Absence
from organisation.models.access import AccessRecord, LookReason
from organisation.models.api import ApiToken, IdempotentAnswer
from organisation.models.branch import Branch, Level, Named, in_tree
from organisation.models.calendar import CalendarDay, WorkCalendar
from organisation.models.counter import Counter
from organisation.models.file import StoredFile
from organisation.models.importance import Importance
from organisation.models.job import UNFINISHED_JOBS, Job, JobFile, JobState
from organisation.models.letter import Letter
from organisation.models.link import PublicLink
from organisation.models.message import Attempt, Channel, Delivery, Message
from organisation.models.person import Person, Posting, Role
from organisation.models.sweep import SweepRun
from organisation.models.tally import Tally
from organisation.models.tries import SignInTries

__all__ = [
    "UNFINISHED_JOBS",
    "Absence",
    "AccessRecord",
    "ApiToken",
    "Attempt",
    "Branch",
    "CalendarDay",
    "Channel",
    "Counter",
    "Delivery",
    "IdempotentAnswer",
    "Importance",
    "Job",
    "JobFile",
    "JobState",
    "Letter",
    "Level",
    "LookReason",
    "Message",
    "Named",
    "Person",
    "Posting",
    "PublicLink",
    "Role",
    "SignInTries",
    "StoredFile",
    "SweepRun",
    "Tally",
    "WorkCalendar",
    "in_tree",
]
