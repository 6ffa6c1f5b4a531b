from django import forms


class WordsForm(forms.Form):
    """What the account manager adds to the figures. Lines that begin with "- " become a list."""

    considerations = forms.CharField(
        widget=forms.Textarea(attrs={"rows": 6}), max_length=20_000, required=False
    )
    recommendations = forms.CharField(
        widget=forms.Textarea(attrs={"rows": 6}), max_length=20_000, required=False
    )
