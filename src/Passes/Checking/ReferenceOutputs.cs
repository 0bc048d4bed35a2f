using System.Collections.Immutable;
using PrivateInference.IR;
using PrivateInference.IR.Execution;

namespace PrivateInference.Passes.Checking;

/// <summary>A graph's outputs on some inputs, to compare rewritten graphs with.</summary>
public sealed class ReferenceOutputs
{
    private readonly ImmutableArray<ImmutableArray<Tensor>> _inputs;
    private readonly ImmutableArray<IReadOnlyList<Tensor>> _outputs;

    /// <param name="graph">The reference.</param>
    /// <param name="inputs">For each sample one tensor per graph input.</param>
    /// <exception cref="GraphException">A sample does not fit the graph.</exception>
    public ReferenceOutputs(Graph graph, ImmutableArray<ImmutableArray<Tensor>> inputs)
    {
        _inputs = inputs;
        _outputs = [.. inputs.Select(i => FloatInterpreter.Run(graph, i))];
    }

    /// <summary>Runs a graph with the same inputs and outputs and compares.</summary>
    /// <exception cref="GraphException">A sample does not fit the graph.</exception>
    public OutputDifference Compare(Graph graph, CancellationToken cancellation = default)
    {
        double largest = 0;
        int same = 0;
        for (int i = 0; i < _inputs.Length; i++)
        {
            cancellation.ThrowIfCancellationRequested();
            IReadOnlyList<Tensor> actual = FloatInterpreter.Run(graph, _inputs[i]);
            foreach ((Tensor expected, Tensor output) in _outputs[i].Zip(actual))
                largest = Math.Max(largest, Error(Elements(expected), Elements(output)));
            if (_outputs[i].Count > 0 && TopOf(Elements(_outputs[i][0])) == TopOf(Elements(actual[0])))
                same++;
        }

        return new OutputDifference(_inputs.Length, largest, same);
    }

    private static double Error(double[] expected, double[] actual)
    {
        double range = 1e-6, error = 0;
        for (int i = 0; i < expected.Length; i++)
        {
            range = Math.Max(range, double.IsFinite(expected[i]) ? Math.Abs(expected[i]) : 0);
            if (!expected[i].Equals(actual[i]))
                error = Math.Max(error, double.IsNaN(expected[i] - actual[i]) ? double.PositiveInfinity : Math.Abs(expected[i] - actual[i]));
        }

        return error / range;
    }

    private static double[] Elements(Tensor tensor)
    {
        double[] elements = new double[tensor.Shape.Count];
        for (int i = 0; i < elements.Length; i++)
            elements[i] = tensor.Type.IsFloat ? tensor.Floats[i] : tensor.Integers[i];
        return elements;
    }

    private static int TopOf(double[] elements) => elements.Length == 0 ? -1 : Array.IndexOf(elements, elements.Max());
}
