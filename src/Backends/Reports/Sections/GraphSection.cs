using System.Collections.Immutable;
using PrivateInference.Backends.Reports.Charts;
using PrivateInference.Backends.Reports.Markup;
using PrivateInference.Runtime.Costs;
using PrivateInference.Runtime.Plan;

namespace PrivateInference.Backends.Reports.Sections;

/// <summary>The graph, with the protocol and the cost of every node.</summary>
internal static class GraphSection
{
    public static Section Of(ReportContent content)
    {
        ExecutionPlan plan = content.Plan.Plan;
        CostReport cost = content.Plan.Cost;
        ProtocolColors colors = new(cost);
        ImmutableArray<LaneRow> rows = StepLanes.Of(plan);
        int lanes = rows.Max(r => r.Width);
        return new Section("graph", "The plan, step by step", Table.Of(
            $"Steps in order of execution; a line is a value, bytes are both parties' together",
            [
                Table.Column("Graph"), Table.Column("Step"), Table.Column("Kind"), Table.Column("Protocol"), Table.Column("Result"), Table.Number("ReLUs"),
                Table.Number("Online bytes"), Table.Number("rounds"), Table.Number("Offline bytes"), Table.Number("rounds"), Table.Number("Stored, client + server"),
            ],
            [Session(cost.Steps[0], colors), .. rows.Select((row, i) => Step(plan, cost.Steps[i + 1], i, LaneDrawing.Of(row, lanes, colors.Of(cost.Steps[i + 1].Protocol)), colors))],
            "graph"));
    }

    private static Html Session(StepCost step, ProtocolColors colors)
        => Row(Html.Empty, Html.Of($"<em>{step.Name}</em>"), step, 0, colors, Html.Of($"once a connection"));

    private static Html Step(ExecutionPlan plan, StepCost step, int index, Html drawing, ProtocolColors colors)
        => Row(drawing, HtmlText.Name(step.Name), step, index + 1, colors, Html.Of($"{string.Join('×', plan.Values[plan.Steps[index].Output].Shape)}"));

    private static Html Row(Html drawing, Html name, StepCost step, int index, ProtocolColors colors, Html result) => Table.Row(
        Table.Cell(drawing),
        Table.RowHeader(name),
        Table.Cell(Html.Of($"{step.Kind}")),
        Table.Cell(colors.Tag(step.Protocol)),
        Table.Cell(result),
        Table.NumberCell(Figure.Count(step.Relus, $"steps[{index}].relus")),
        Table.NumberCell(Figure.Bytes(step.Online.TotalBytes)),
        Table.NumberCell(Figure.Count(step.Online.Rounds, $"steps[{index}].online.rounds")),
        Table.NumberCell(Figure.Bytes(step.Offline.TotalBytes)),
        Table.NumberCell(Figure.Count(step.Offline.Rounds, $"steps[{index}].offline.rounds")),
        Table.NumberCell(step.Storage is { } stored ? Stored(stored, $"steps[{index}].storage") : Html.Empty));

    private static Html Stored(PartyBytes stored, string place)
        => Html.Of($"{Figure.Bytes(stored.ClientBytes, place + ".client_bytes")} + {Figure.Bytes(stored.ServerBytes, place + ".server_bytes")}");
}
