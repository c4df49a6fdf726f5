"""Django helpers that hold no data: clock, refusals, hooks, packs, layout and the `ui` template tags."""
