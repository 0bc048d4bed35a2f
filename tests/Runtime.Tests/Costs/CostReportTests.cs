using System.Text.Json;
using PrivateInference.Runtime.Costs;
using PrivateInference.Runtime.Tests.Plan;

namespace PrivateInference.Runtime.Tests.Costs;

public sealed class CostReportTests
{
    private static readonly CostReport s_report = CostReport.Create(
        SamplePlans.EveryStep,
        [
            new(PlannedMessage.Session, new(Phase.Offline, Party.Client, 100)),
            new(PlannedMessage.Session, new(Phase.Offline, Party.Server, 200)),
            new(1, new(Phase.Offline, Party.Client, 10)),
            new(1, new(Phase.Offline, Party.Server, 20)),
            new(2, new(Phase.Offline, Party.Server, 5)),
            new(0, new(Phase.Online, Party.Client, 7)),
            new(2, new(Phase.Online, Party.Client, 1)),
            new(2, new(Phase.Online, Party.Server, 2)),
        ],
        index => index < 0 ? "keys" : "local");

    [Fact]
    public void A_change_of_direction_is_a_round_of_the_step_where_it_happens()
    {
        Assert.Equal([2, 0, 2, 0], s_report.Steps.Take(4).Select(s => s.Offline.Rounds));
        Assert.Equal([0, 1, 0, 1], s_report.Steps.Take(4).Select(s => s.Online.Rounds));
    }

    [Fact]
    public void Totals_are_the_sums_over_steps()
    {
        Assert.Equal(new PhaseCost { ClientBytes = 110, ServerBytes = 225, Rounds = 4 }, s_report.Total.Offline);
        Assert.Equal(new PhaseCost { ClientBytes = 8, ServerBytes = 2, Rounds = 2 }, s_report.Total.Online);
    }

    [Fact]
    public void The_document_has_the_contracts_names()
    {
        using JsonDocument document = JsonDocument.Parse(s_report.ToJson());
        JsonElement root = document.RootElement;
        Assert.Equal(["plan", "backend", "ring_bits", "relus", "total", "steps"], root.EnumerateObject().Select(p => p.Name));
        Assert.Equal(["offline", "online"], root.GetProperty("total").EnumerateObject().Select(p => p.Name));
        Assert.Equal(["client_bytes", "server_bytes", "helper_bytes", "rounds"], root.GetProperty("total").GetProperty("online").EnumerateObject().Select(p => p.Name));
        JsonElement session = root.GetProperty("steps")[0];
        Assert.Equal(["name", "kind", "protocol", "relus", "offline", "online"], session.EnumerateObject().Select(p => p.Name));
        Assert.Equal(("session", "setup", "keys"), (session.GetProperty("name").GetString(), session.GetProperty("kind").GetString(), session.GetProperty("protocol").GetString()));
    }

    [Fact]
    public void Sign_decisions_add_up_over_steps()
    {
        // relu over 2x2 windows: 8 outputs of 1 + 3; clip: 8 outputs of 2; shared signs: as many as there are groups.
        Assert.Equal((8 * 4) + (8 * 2) + 4 + 3, s_report.Relus);
    }

    [Fact]
    public void A_report_survives_its_document() => Assert.Equal(s_report.ToJson(), CostReport.FromJson(s_report.ToJson()).ToJson());

    [Fact]
    public void The_table_leaves_out_free_steps_and_ends_with_the_total()
        => Assert.Equal(["session", "x", "conv", "relu", "clip", "share", "share-flat", "total"], CostTable.Rows(s_report).Select(r => r.Name));
}
