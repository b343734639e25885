"""Every witness of manufacturing: published numbers beside ours."""
