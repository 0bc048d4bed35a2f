using PrivateInference.IR;
using PrivateInference.IR.Printing;

namespace PrivateInference.Passes.Tests;

/// <summary>Differential tests of every pass that calls itself exact, on random networks.</summary>
public sealed class ExactPassTests
{
    private const int Networks = 100;

    public static TheoryData<string> Names => [.. PassRegistry.Default.All.Where(p => p.Contract == PassContract.Exact).Select(p => p.Name)];

    [Theory]
    [MemberData(nameof(Names))]
    public void An_exact_pass_keeps_the_function_and_does_nothing_the_second_time(string name)
    {
        Pass pass = PassRegistry.Default.Create(name);
        int rewritten = 0;
        for (int seed = 0; seed < Networks; seed++)
        {
            Graph graph = RandomNetwork.Create(seed);

            Graph result = pass.Run(graph, PassContext.Default);

            ForSeed(seed, () =>
            {
                GraphAssert.SameFunction(graph, result, Tolerance(name));
                Assert.Same(result, pass.Run(result, PassContext.Default));
                Assert.Equal(ReferenceEquals(graph, result), GraphPrinter.Print(graph) == GraphPrinter.Print(result));
                Assert.True(SignDecisions.Count(result) <= SignDecisions.Count(graph), "more sign decisions");
                Assert.True(MultiplyAccumulates.Count(result) <= MultiplyAccumulates.Count(graph), "more multiply-accumulates");
            });
            rewritten += ReferenceEquals(graph, result) ? 0 : 1;
        }

        Assert.InRange(rewritten, Networks / 10, Networks);
    }

    [Fact]
    public void The_canonical_form_computes_the_same_function_and_is_its_own_canonical_form()
    {
        PassManager manager = new(PassPipeline.Canonical, verify: true);
        for (int seed = 0; seed < Networks; seed++)
        {
            Graph graph = RandomNetwork.Create(seed);

            Graph result = manager.RunToFixedPoint(graph, PassContext.Default).Graph;

            GraphAssert.SameFunction(graph, result, Tolerance("fold-batchnorm"));
            Assert.Same(result, PassPipeline.Canonicalize(result));
            Assert.DoesNotContain(result.Nodes, n => n.Operation.Name is "batchnorm" or "dropout");
            Assert.True(SignDecisions.Count(result) <= SignDecisions.Count(graph));
        }
    }

    [Fact]
    public void Passes_may_run_in_any_order()
    {
        Random random = new(3);
        for (int seed = 0; seed < Networks; seed++)
        {
            Pass[] passes = [.. PassRegistry.Default.All.Where(p => p.Contract == PassContract.Exact)];
            random.Shuffle(passes);
            Graph graph = RandomNetwork.Create(seed);

            GraphAssert.SameFunction(graph, new PassManager(passes, verify: true).Run(graph, PassContext.Default).Graph, Tolerance("fold-batchnorm"));
        }
    }

    /// <summary>A failure names the network, so that it can be looked at alone.</summary>
    private static void ForSeed(int seed, Action assertions)
    {
        if (Record.Exception(assertions) is { } failure)
            Assert.Fail($"random network {seed}: {failure.Message}");
    }

    /// <summary>Only folded weights are rounded anew, reordered ones summed in another order, and polynomials summed in double precision; all else is the same arithmetic.</summary>
    private static float Tolerance(string pass) => pass is "fold-batchnorm" or "merge-linear" or "fold-channel-permutation" ? 1e-3f
        : pass is "recognize-activations" ? 1e-5f : 0;
}
