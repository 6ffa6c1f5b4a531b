"""Tags of the online resources that pages of other rooms show, too."""
