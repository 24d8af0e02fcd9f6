"""Store what pólizas name besides money: houses, events, articles, assets, credits, people, folios."""
