"""Who opens which page of publishing; the services ask again."""

from planner.people.core.roles import Role

READERS = (Role.ANALYST, Role.OFFICER, Role.APPROVER, Role.DUTY, Role.MANAGER, Role.ADMINISTRATOR)
SCHEDULERS = (Role.OFFICER, Role.DUTY)
HOLDERS = (Role.OFFICER, Role.DUTY, Role.APPROVER, Role.ADMINISTRATOR)
REGISTRARS = (Role.ADMINISTRATOR,)
