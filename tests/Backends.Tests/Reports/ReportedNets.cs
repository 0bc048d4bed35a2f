using PrivateInference.Backends.Reports;
using PrivateInference.IR;
using PrivateInference.IR.Operations;
using PrivateInference.Runtime.Costs;

namespace PrivateInference.Backends.Tests.Reports;

/// <summary>Small compiled networks with what a report says of them.</summary>
internal static class ReportedNets
{
    public static ReportSettings Settings { get; } = new() { Network = NetworkProfile.Resolve("wan") };

    public static Graph Chain { get; } = new Net(1, 1, 2, 6, 6).Conv(3, Net.Window(3, 1, 1)).Relu().MaxPool(2, 2).Flatten().Dense(4).Build();

    public static Graph Residual { get; } = Skip();

    public static Graph Linear { get; } = new Net(3, 1, 8).Dense(4).Build();

    public static ReportContent Content(Graph graph)
    {
        CompiledModel model = BackendCompiler.Compile(graph, new CompileOptions());
        return new ReportContent { Plan = ReportedPlan.Of(model.Plan, Settings), Settings = Settings };
    }

    private static Graph Skip()
    {
        Net net = new Net(2, 1, 2, 6, 6).Conv(2, Net.Window(3, 1, 1)).Relu();
        Value kept = net.Value;
        return net.Conv(2, Net.Window(3, 1, 1)).Then(new Binary(BinaryKind.Add), kept).Relu().Build();
    }
}
