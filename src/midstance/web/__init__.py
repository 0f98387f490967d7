"""The app in the browser: `midstance serve` opens it on the user's own machine (docs/decisions/web.md)."""
