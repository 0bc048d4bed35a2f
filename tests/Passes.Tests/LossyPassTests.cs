using PrivateInference.IR;
using PrivateInference.IR.Execution;

namespace PrivateInference.Passes.Tests;

/// <summary>What holds for rewrites that change the function too, on random networks.</summary>
public sealed class LossyPassTests
{
    private const int Networks = 60;

    [Theory]
    [InlineData("relu-share:patch=2x2")]
    [InlineData("relu-share:patch=channel,decide=mean")]
    [InlineData("relu-share:patch=3x3,decide=weights")]
    [InlineData("relu-share:patch=channel,clusters=2,decide=weights")]
    [InlineData("polynomial:degree=2,range=-1..1")]
    [InlineData("polynomial:degree=3,ratio=0.5,choose=error")]
    public void A_lossy_pass_keeps_the_graph_whole_and_never_adds_decisions(string request)
    {
        PassRequest parsed = PassRequest.Parse(request);
        Pass[] passes = [PassRegistry.Default.Create(parsed.Name, parsed.Parameters), PassRegistry.Default.Create("recalibrate")];
        int changed = 0;
        for (int seed = 0; seed < Networks; seed++)
        {
            Graph graph = RandomNetwork.Create(seed);
            Random random = new(seed);
            Tensor[] samples = [.. Enumerable.Range(0, 3).Select(_ => RandomNetwork.Elements(random, graph.Inputs[0].Shape.Dimensions.AsSpan()))];

            PassResult result = new PassManager(passes, verify: true).Run(graph, PassContext.Default with { Calibration = new CalibrationData([.. samples]) });

            Assert.Equal(graph.Outputs.Select(v => (v.Name, v.Type)), result.Graph.Outputs.Select(v => (v.Name, v.Type)));
            Assert.True(SignDecisions.Count(result.Graph) <= SignDecisions.Count(graph));
            Assert.Equal(graph.Outputs.Length, FloatInterpreter.Run(result.Graph, [samples[0]]).Count);
            changed += result.Trace[0].Changed ? 1 : 0;
        }

        Assert.InRange(changed, 5, Networks);
    }
}
