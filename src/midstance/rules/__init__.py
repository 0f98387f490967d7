"""The address from which a coach's own rules import (`midstance.rules.base.Rule`); the rules are in coaching/rules/."""
