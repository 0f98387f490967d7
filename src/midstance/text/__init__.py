"""Every sentence a person reads is made here, in coaching/rules/ or in cli/."""
