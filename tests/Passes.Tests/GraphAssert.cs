using PrivateInference.IR;
using PrivateInference.IR.Execution;
using PrivateInference.IR.Operations;
using PrivateInference.IR.Printing;
using PrivateInference.IR.Verification;

namespace PrivateInference.Passes.Tests;

/// <summary>What every exact pass promises, checked by execution.</summary>
internal static class GraphAssert
{
    /// <summary>
    /// The rewritten graph is well-formed, has the same inputs and output names, and every value name that survives, the
    /// outputs' foremost, stands for the same numbers. The name of a constant that is gone may be given again.
    /// </summary>
    /// <param name="original">The graph before.</param>
    /// <param name="rewritten">The graph after.</param>
    /// <param name="tolerance">Largest difference, relative to the largest number of the value.</param>
    public static void SameFunction(Graph original, Graph rewritten, float tolerance = 0)
    {
        GraphVerifier.Require(rewritten);
        Assert.Equal(original.Inputs, rewritten.Inputs);
        Assert.Equal(original.Outputs.Select(v => (v.Name, v.Type)), rewritten.Outputs.Select(v => (v.Name, v.Type)));

        Random random = new(1);
        Tensor[] inputs = [.. original.Inputs.Select(v => RandomNetwork.Elements(random, v.Shape.Dimensions.AsSpan()))];
        Dictionary<string, Tensor> before = Values(original, inputs), after = Values(rewritten, inputs);
        foreach (string name in before.Keys.Intersect(after.Keys).Where(name => !IsConstant(original, name) && !IsConstant(rewritten, name)))
            SameTensor(name, before[name], after[name], tolerance);
    }

    private static bool IsConstant(Graph graph, string name) => graph.Nodes.Any(n => n.Output.Name == name && n.Operation is Constant);

    public static void SameText(Graph expected, Graph actual) => Assert.Equal(GraphPrinter.Print(expected), GraphPrinter.Print(actual));

    /// <summary>The operations of a graph other than constants, in order.</summary>
    public static string Operations(Graph graph) => string.Join(
        ' ', graph.Nodes.Select(n => n.Operation.Name).Where(name => name != "constant"));

    private static Dictionary<string, Tensor> Values(Graph graph, Tensor[] inputs)
    {
        Dictionary<string, Tensor> values = new(StringComparer.Ordinal);
        FloatInterpreter.Run(graph, inputs, (value, tensor) => values.Add(value.Name, tensor));
        return values;
    }

    private static void SameTensor(string name, Tensor expected, Tensor actual, float tolerance)
    {
        Assert.Equal(expected.Type, actual.Type);
        if (!expected.Type.IsFloat)
        {
            Assert.True(expected.ContentEquals(actual), $"%{name} changed");
            return;
        }

        float bound = tolerance * expected.Floats.ToArray().Append(1e-3f).Max(MathF.Abs);
        for (int i = 0; i < expected.Shape.Count; i++)
        {
            float difference = MathF.Abs(expected.Floats[i] - actual.Floats[i]);
            Assert.True(difference <= bound || expected.Floats[i].Equals(actual.Floats[i]), $"%{name}[{i}]: {expected.Floats[i]} became {actual.Floats[i]}");
        }
    }
}
