using System.Collections.Immutable;
using PrivateInference.Backends.Reports.Charts;
using PrivateInference.IR;
using PrivateInference.Runtime.Plan;

namespace PrivateInference.Backends.Tests.Reports;

public sealed class StepLanesTests
{
    [Fact]
    public void A_chain_needs_one_lane()
        => Assert.All(StepLanes.Of(Plan(ReportedNets.Chain)), row => Assert.Equal(1, row.Width));

    [Fact]
    public void A_skip_connection_runs_beside_what_it_skips()
        => Assert.Equal(2, StepLanes.Of(Plan(ReportedNets.Residual)).Max(r => r.Width));

    /// <summary>Follows the lanes from row to row: at every step they hold exactly the values that are still needed, and the step reads its own.</summary>
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    [InlineData(5)]
    [InlineData(6)]
    public void Lanes_lead_every_value_from_its_definition_to_its_readers(int seed)
    {
        ExecutionPlan plan = BackendCompiler.Compile(RandomNetworks.Create(seed), new CompileOptions { SelectRlwe = TestRlwe.Select }).Plan;
        ImmutableArray<LaneRow> rows = StepLanes.Of(plan);
        Dictionary<int, int> held = [];
        for (int i = 0; i < rows.Length; i++)
        {
            Assert.Equal(plan.Steps[i].Inputs.Distinct().Order(), rows[i].Entering.Select(lane => held[lane]).Order());
            held = held.Where(h => rows[i].Passing.Contains(h.Key)).ToDictionary();
            Assert.Equal(rows[i].Passing.Length, held.Count);
            Assert.All(held.Values, value => Assert.Contains(plan.Steps.Skip(i + 1), s => s.Inputs.Contains(value)));
            Assert.Equal(plan.Steps.Skip(i + 1).Any(s => s.Inputs.Contains(plan.Steps[i].Output)), rows[i].Leaves);
            if (rows[i].Leaves)
                held.Add(rows[i].Lane, plan.Steps[i].Output);
        }
    }

    private static ExecutionPlan Plan(Graph graph) => BackendCompiler.Compile(graph, new CompileOptions()).Plan;
}
