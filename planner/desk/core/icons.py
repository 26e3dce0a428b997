"""Small line drawings, 24 by 24, in the current colour. The shapes of the three states are the same everywhere."""

ICONS: dict[str, str] = {
    "board": '<path d="M3 17c3 0 4-9 9-9s6 9 9 9"/><path d="M3 21h18M12 3v2"/>',
    "claims": '<path d="M4 4h16v11h-9l-5 5v-5H4z"/><path d="M12 7.5v2.5M12 12v.5"/>',
    "tasks": (
        '<path d="M9 6h12M9 12h12M9 18h12"/><path d="m3 6 1.2 1.2L6.5 5M3 12l1.2 1.2 2.3-2.3M3 18l1.2 1.2 2.3-2.3"/>'
    ),
    "rebuttals": '<path d="M4 20h4L20 8l-4-4L4 16z"/><path d="m13 7 4 4"/>',
    "posts": '<path d="M4 10v4h3l8 4V6L7 10zM18.5 9a4 4 0 0 1 0 6"/>',
    "roster": (
        '<circle cx="9" cy="8" r="3.5"/>'
        '<path d="M2.5 20c0-4 3-6 6.5-6s6.5 2 6.5 6M16 5a3.5 3.5 0 0 1 0 6M18 14.5c2 .8 3.5 2.6 3.5 5.5"/>'
    ),
    "coverage": '<path d="M3 7h8M15 7h6M3 12h4M13 12h8M3 17h13M19.5 17H21"/>',
    "latency": '<circle cx="12" cy="13.5" r="7.5"/><path d="M12 9.5v4l2.5 2M9.5 3h5"/>',
    "journal": '<path d="M5 4h12a2 2 0 0 1 2 2v14H7a2 2 0 0 1-2-2zM5 18a2 2 0 0 1 2-2h12M9 8h6"/>',
    "info": '<circle cx="12" cy="12" r="9"/><path d="M12 11v5.5M12 7.5v.5"/>',
    "success": '<circle cx="12" cy="12" r="9"/><path d="m8 12 3 3 5-6"/>',
    "warning": '<path d="M12 3.5 22 20.5H2zM12 10v4.5M12 17v.5"/>',
    "error": '<path d="M8 2.5h8l5.5 5.5v8L16 21.5H8L2.5 16V8zM12 7v6M12 16.5v.5"/>',
    "user": '<circle cx="12" cy="8" r="4"/><path d="M4 21c0-4.5 3.5-7 8-7s8 2.5 8 7"/>',
    "plus": '<path d="M12 5v14M5 12h14"/>',
    "search": '<circle cx="11" cy="11" r="6.5"/><path d="m16 16 5 5"/>',
    "check": '<path d="m4 12.5 5 5L20 6.5"/>',
    "cross": '<path d="m6 6 12 12M18 6 6 18"/>',
    "bell": '<path d="M6 16V11a6 6 0 0 1 12 0v5l2 2H4zM10 21h4"/>',
    "phone": '<path d="M5 3h4l2 5-2.5 1.5a11 11 0 0 0 6 6L16 13l5 2v4c0 1-1 2-2 2C10.5 21 3 13.5 3 5c0-1 1-2 2-2z"/>',
    "calendar": '<path d="M4 6h16v14H4zM4 10.5h16M8 3v4M16 3v4"/>',
    "clock": '<circle cx="12" cy="12" r="9"/><path d="M12 7v5l3.5 2"/>',
    "moon": '<path d="M20 14.5A8.5 8.5 0 0 1 9.5 4a8.5 8.5 0 1 0 10.5 10.5z"/>',
    "stop": '<path d="M6 6h12v12H6z"/>',
    "hold": '<path d="M8 5v14M16 5v14"/>',
    "lock": '<path d="M5 11h14v10H5zM8 11V8a4 4 0 0 1 8 0v3"/>',
    "link": '<path d="M10 14 20 4M14 4h6v6M18 14v6H4V6h6"/>',
    "download": '<path d="M12 4v11M7 11l5 5 5-5M4 20h16"/>',
    "onward": '<path d="M5 12h14M13 6l6 6-6 6"/>',
    "back": '<path d="M19 12H5M11 6l-6 6 6 6"/>',
    "flood": '<path d="M3 8h8M3 12h8M3 16h8M14 12h7M18 9l3 3-3 3"/>',
    "pin": '<path d="M12 21v-7M7 14h10l-2-4V4H9v6z"/>',
    # The three states and none of them: full with a tick, half full, an open ring, a dash.
    "answered": (
        '<circle cx="12" cy="12" r="10" fill="currentColor"/>'
        '<path d="m7 12.5 3.5 3.5 6.5-8" stroke="var(--surface)" stroke-width="2.8"/>'
    ),
    "waiting": '<circle cx="12" cy="12" r="9"/><path d="M12 3a9 9 0 0 1 0 18z" fill="currentColor"/>',
    "unanswered": '<circle cx="12" cy="12" r="8.5" stroke-width="5"/>',
    "neutral": '<path d="M5 12h14" stroke-width="4"/>',
}

TURNING = frozenset({"onward", "back", "posts", "flood", "coverage", "tasks", "link"})
"""Icons that point somewhere, and so are mirrored in right-to-left scripts."""
