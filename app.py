"""The page: `streamlit run app.py`. Everything is in `dash/ui/`."""

from dash.ui.main import main

main()
