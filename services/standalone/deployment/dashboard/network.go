package main

import (
	"github.com/grafana/grafana-foundation-sdk/go/common"
	"github.com/grafana/grafana-foundation-sdk/go/dashboard"
	"github.com/grafana/grafana-foundation-sdk/go/prometheus"
	"github.com/grafana/grafana-foundation-sdk/go/stat"
	"github.com/grafana/grafana-foundation-sdk/go/timeseries"
)

// network is the one dashboard: from "can people be helped now" down to what
// holds them up.
func network() *dashboard.DashboardBuilder {
	return dashboard.NewDashboardBuilder("Sanad: the network").
		Uid("sanad-network").
		Tags([]string{"sanad"}).
		Readonly().
		Refresh("30s").
		Time("now-3h", "now").
		Timezone("browser").
		Tooltip(dashboard.DashboardCursorSyncCrosshair).
		WithVariable(source()).
		WithVariable(service()).
		WithRow(dashboard.NewRowBuilder("Can people be helped now?")).
		WithPanel(number("Services ready", "short", `sum(sanad_ready{service=~"$service"})`)).
		WithPanel(number("Oldest fact not yet on the bus", "s", `max(sanad_relay_oldest_seconds{service=~"$service"})`)).
		WithPanel(number("Dead letters in the last day", "short",
			`sum(increase(sanad_refused_deliveries_total{service=~"$service"}[1d]))`)).
		WithPanel(number("Notices that reached nobody in the last day", "short",
			`sum(increase(sanad_notices_total{outcome=~"refused|out_of_time"}[1d]))`)).
		WithPanel(number("Referrals that nobody answered, up to tens", "short",
			`ceil(sum(sanad_referrals_escalated{service=~"$service"}) / 10) * 10`)).
		WithPanel(number("Records closed for now, up to tens", "short",
			`ceil(sum(sanad_quarantined_records{service=~"$service"}) / 10) * 10`)).
		WithPanel(number("Records held, in tens", "short", `floor(sum(sanad_records{service=~"$service"}) / 10) * 10`)).
		WithRow(dashboard.NewRowBuilder("Operations")).
		WithPanel(graph("Operations by result", "ops", "{{service}} {{result}}",
			`sum by (service, result) (rate(sanad_operations_total{service=~"$service"}[$__rate_interval]))`)).
		WithPanel(graph("Operations that failed inside, or for what was away", "ops", "{{service}} {{operation}}",
			`sum by (service, operation) (rate(sanad_operations_total{service=~"$service", result=~"internal|unavailable"}[$__rate_interval]))`)).
		WithPanel(quantile("Operation, 99th percentile", "sanad_operation_seconds")).
		WithRow(dashboard.NewRowBuilder("Journal")).
		WithPanel(graph("Commits", "ops", "{{service}}",
			`sum by (service) (rate(sanad_journal_commits_total{service=~"$service"}[$__rate_interval]))`)).
		WithPanel(quantile("Append, 99th percentile", "sanad_journal_append_seconds")).
		WithPanel(graph("Commits in a batch, mean", "short", "{{service}}",
			`sum by (service) (rate(sanad_journal_batch_commits_sum{service=~"$service"}[$__rate_interval]))`+
				` / sum by (service) (rate(sanad_journal_batch_commits_count{service=~"$service"}[$__rate_interval]))`)).
		WithPanel(graph("Races lost", "ops", "{{service}}",
			`sum by (service) (rate(sanad_journal_conflicts_total{service=~"$service"}[$__rate_interval]))`)).
		WithPanel(graph("What is wrong with it", "short", "{{service}} {{kind}}",
			`max by (service, kind) (sanad_journal_trouble{service=~"$service"}) > 0`)).
		WithPanel(graph("Age of the last checkpoint", "s", "{{service}}",
			`max by (service) (time() - sanad_journal_checkpoint_timestamp_seconds{service=~"$service"} > 0)`)).
		WithPanel(graph("Age of the last verification", "s", "{{service}}",
			`max by (service) (time() - sanad_journal_verified_timestamp_seconds{service=~"$service"})`)).
		WithPanel(graph("Last replay at start", "s", "{{service}}", `max by (service) (sanad_replay_seconds{service=~"$service"})`)).
		WithRow(dashboard.NewRowBuilder("Bus")).
		WithPanel(graph("Commits waiting for the bus", "short", "{{service}}",
			`sum by (service) (sanad_relay_pending_commits{service=~"$service"})`)).
		WithPanel(graph("Messages published", "ops", "{{service}}",
			`sum by (service) (rate(sanad_relay_published_total{service=~"$service"}[$__rate_interval]))`)).
		WithPanel(graph("Messages published again from the journal", "ops", "{{service}}",
			`sum by (service) (rate(sanad_relay_healed_total{service=~"$service"}[$__rate_interval]))`)).
		WithPanel(graph("Reactions by result", "ops", "{{service}} {{result}}",
			`sum by (service, result) (rate(sanad_reactions_total{service=~"$service"}[$__rate_interval]))`)).
		WithPanel(quantile("Reaction, 99th percentile", "sanad_reaction_seconds")).
		WithPanel(graph("Dead letters", "short", "{{service}} {{event}} {{code}}",
			`sum by (service, event, code) (increase(sanad_deadletters_total{service=~"$service"}[$__rate_interval]))`)).
		WithPanel(graph("Deadlines set", "ops", "{{service}}",
			`sum by (service) (rate(sanad_timers_armed_total{service=~"$service"}[$__rate_interval]))`)).
		WithPanel(graph("Deadlines come due", "ops", "{{service}}",
			`sum by (service) (rate(sanad_timers_fired_total{service=~"$service"}[$__rate_interval]))`))
}

func source() *dashboard.DatasourceVariableBuilder {
	return dashboard.NewDatasourceVariableBuilder("source").Label("Source").Type("prometheus")
}

func service() *dashboard.QueryVariableBuilder {
	query := "label_values(sanad_ready, service)"
	return dashboard.NewQueryVariableBuilder("service").
		Label("Service").
		Datasource(prometheusSource()).
		Query(dashboard.StringOrMap{String: &query}).
		Refresh(dashboard.VariableRefreshOnTimeRangeChanged).
		Multi(true).
		IncludeAll(true).
		AllValue(".+")
}

func number(title, unit, expr string) *stat.PanelBuilder {
	return stat.NewPanelBuilder().
		Title(title).
		Datasource(prometheusSource()).
		Unit(unit).
		Height(4).
		Span(6).
		GraphMode(common.BigValueGraphModeArea).
		ReduceOptions(common.NewReduceDataOptionsBuilder().Calcs([]string{"lastNotNull"})).
		WithTarget(prometheus.NewDataqueryBuilder().RefId("A").Expr(expr))
}

func graph(title, unit, legend, expr string) *timeseries.PanelBuilder {
	return timeseries.NewPanelBuilder().
		Title(title).
		Datasource(prometheusSource()).
		Unit(unit).
		Min(0).
		Height(7).
		Span(8).
		WithTarget(prometheus.NewDataqueryBuilder().RefId("A").Expr(expr).LegendFormat(legend).Exemplar(true))
}

func quantile(title, histogram string) *timeseries.PanelBuilder {
	return graph(title, "s", "{{service}}",
		`histogram_quantile(0.99, sum by (service, le) (rate(`+histogram+`_bucket{service=~"$service"}[$__rate_interval])))`)
}

func prometheusSource() common.DataSourceRef {
	kind, uid := "prometheus", "${source}"
	return common.DataSourceRef{Type: &kind, Uid: &uid}
}
