using PrivateInference.Frontend.Diagnostics;
using PrivateInference.Frontend.Importing;
using PrivateInference.Frontend.Schema;
using PrivateInference.IR;
using PrivateInference.IR.Operations;

namespace PrivateInference.Frontend.Operators;

/// <summary>
/// Control flow that does not depend on the model's input: a branch is chosen and a loop unrolled while importing. Where
/// a body cannot be imported its problems have been reported, and the node defines no outputs.
/// </summary>
internal static class ControlFlow
{
    public static (string Name, OperatorImporter Importer)[] Operators =>
    [
        ("If", If),
        ("Loop", Loop),
        ("Scan", Scan),
    ];

    private static void If(ImportContext context)
    {
        bool condition = Flag(context.Constant(0, "condition"));
        string branch = condition ? "then_branch" : "else_branch";
        Define(context, context.Inline(context.Attributes.Graph(branch), [], condition ? "then" : "else"));
    }

    /// <summary>
    /// Inputs: trip count, condition, and the carried values. The body takes the iteration, the condition and the carried
    /// values, and gives the condition, the carried values and a slice of each collected output.
    /// </summary>
    private static void Loop(ImportContext context)
    {
        GraphProto body = context.Attributes.Graph("body");
        long trips = context.OptionalConstant(0, "trip count") is { } count ? Single(count) : long.MaxValue;
        Operand condition = context.OptionalInput(1) ?? context.StepConstant("condition", Bool(true));
        Operand?[] carried = [.. Enumerable.Range(2, Math.Max(0, context.InputCount - 2)).Select(context.Input)];
        List<Operand>[] collected = [.. Enumerable.Range(0, Math.Max(0, body.Output.Count - 1 - carried.Length)).Select(_ => new List<Operand>())];
        if (body.Output.Count < 1 + carried.Length)
            throw new GraphException($"Its body has {body.Output.Count} outputs for {carried.Length} carried values.");
        for (long iteration = 0; iteration < trips && Flag(Known(condition)); iteration++)
        {
            Operand index = context.StepConstant("iteration", Tensor.FromInt64(iteration).Reshape(Shape.Scalar));
            Operand?[] results = context.Inline(body, [index, condition, .. carried.OfType<Operand>()], $"{iteration}");
            if (results.Contains(null))
                return;
            condition = results[0]!;
            carried = results[1..(1 + carried.Length)];
            for (int i = 0; i < collected.Length; i++)
                collected[i].Add(results[1 + carried.Length + i]!);
        }

        Define(context, carried);
        foreach (List<Operand> slices in collected)
            Stack(context, slices, axis: 0, reverse: false);
    }

    /// <summary>Inputs: states, then the tensors of which the body takes a slice in each iteration.</summary>
    private static void Scan(ImportContext context)
    {
        if (context.Opset < 9)
            throw ImportException.Unsupported("it has a batch axis of its own (operator set 8).", "Export the model with a newer operator set.");
        GraphProto body = context.Attributes.Graph("body");
        int scanned = checked((int)context.Attributes.Int("num_scan_inputs")), states = context.InputCount - scanned;
        if (scanned < 1 || states < 0 || body.Output.Count < states)
            throw new GraphException($"It scans {scanned} of {context.InputCount} inputs, and its body has {body.Output.Count} outputs.");
        Operand?[] state = [.. Enumerable.Range(0, states).Select(context.Input)];
        Operand[] tensors = [.. Enumerable.Range(states, scanned).Select(context.Input)];
        long[] axes = List(context, "scan_input_axes", scanned), directions = List(context, "scan_input_directions", scanned);
        int[] along = [.. tensors.Select((t, i) => t.Shape.NormalizeAxis(checked((int)axes[i])))];
        int length = tensors[0].Shape.Rank == 0 ? throw new GraphException("A scalar has nothing to scan.") : tensors[0].Shape[along[0]];
        if (tensors.Where((t, i) => t.Shape.Rank == 0 || t.Shape[along[i]] != length).Any())
            throw new GraphException("The scanned inputs differ in length.");
        List<Operand>[] collected = [.. Enumerable.Range(0, body.Output.Count - states).Select(_ => new List<Operand>())];
        for (int iteration = 0; iteration < length; iteration++)
        {
            Operand[] slices = [.. tensors.Select((t, i) => Slice(context, t, along[i], directions[i] == 0 ? iteration : length - 1 - iteration))];
            Operand?[] results = context.Inline(body, [.. state.OfType<Operand>(), .. slices], $"{iteration}");
            if (results.Contains(null))
                return;
            state = results[..states];
            for (int i = 0; i < collected.Length; i++)
                collected[i].Add(results[states + i]!);
        }

        Define(context, state);
        long[] outputAxes = List(context, "scan_output_axes", collected.Length), outputDirections = List(context, "scan_output_directions", collected.Length);
        for (int i = 0; i < collected.Length; i++)
            Stack(context, collected[i], checked((int)outputAxes[i]), reverse: outputDirections[i] != 0);
    }

    private static void Define(ImportContext context, Operand?[] results)
    {
        foreach (Operand? result in results)
        {
            if (result is null)
                return;
            context.Result(result);
        }
    }

    /// <summary>The node's next output: slices along a new axis.</summary>
    private static void Stack(ImportContext context, List<Operand> slices, int axis, bool reverse)
    {
        if (slices.Count == 0)
            throw ImportException.Unsupported("it runs no iteration, so that the shape of a collected output is not known.", "Export the model without the loop.");
        if (reverse)
            slices.Reverse();
        Shape first = slices[0].Shape;
        int at = new Shape([1, .. first.Dimensions]).NormalizeAxis(axis);
        Shape extended = new([.. first.Dimensions.Take(at), 1, .. first.Dimensions.Skip(at)]);
        context.Result(new Concat(at), [.. slices.Select(s => context.Step("slice", new Reshape(extended), s))]);
    }

    private static Operand Slice(ImportContext context, Operand tensor, int axis, int index)
    {
        int rank = tensor.Shape.Rank;
        int[] starts = new int[rank], sizes = [.. tensor.Shape.Dimensions];
        (starts[axis], sizes[axis]) = (index, 1);
        Operand slice = context.Step($"at{index}", new Slice(new IntVector(starts), new IntVector(sizes), IntVector.Repeat(1, rank)), tensor);
        return context.Step("squeezed", new Reshape(new Shape([.. sizes.Where((_, a) => a != axis)])), slice);
    }

    private static long[] List(ImportContext context, string name, int count)
    {
        long[] list = context.Attributes.Ints(name) ?? new long[count];
        return list.Length == count ? list : throw new GraphException($"'{name}' has {list.Length} entries and not {count}.");
    }

    private static Tensor Known(Operand condition) => condition.Constant ?? throw new ImportException(
        DiagnosticCodes.NotConstant, "how often it runs is computed from the model's input; it must be known when compiling.", "Export the model without the loop.");

    private static bool Flag(Tensor condition) => Single(condition) != 0;

    private static long Single(Tensor tensor) => tensor.Shape.Count == 1
        ? tensor.Integers[0]
        : throw new GraphException($"A condition or count has {tensor.Shape.Count} elements and must have one.");

    private static Tensor Bool(bool value) => Tensor.FromIntegers(new TensorType(ElementType.Bool, Shape.Scalar), [value ? 1 : 0]);
}
