using PrivateInference.Frontend.Diagnostics;
using PrivateInference.Frontend.Importing;
using PrivateInference.IR;
using PrivateInference.IR.Operations;

namespace PrivateInference.Frontend.Operators;

/// <summary>Padding by a constant; a negative pad crops.</summary>
internal static class Padding
{
    public static (string Name, OperatorImporter Importer)[] Operators => [("Pad", Pad)];

    private static void Pad(ImportContext context)
    {
        string mode = context.Attributes.Text("mode", "constant");
        if (mode is not "constant")
            throw ImportException.Unsupported($"its mode is '{mode}'.", "Pad with zeros, or pad the input before it enters the model.");
        Operand input = context.Input(0);
        int rank = input.Shape.Rank;
        int[] pads = Pads(context, input.Shape);
        IntVector added = new([.. pads.Select(p => Math.Max(p, 0))]), removed = new([.. pads.Select(p => Math.Max(checked(-p), 0))]);
        Pad pad = new(added, Value(context));
        if (removed.All(0))
        {
            context.Result(pad, input);
            return;
        }

        Operand padded = context.Step("padded", pad, input);
        int[] sizes = [.. Enumerable.Range(0, rank).Select(axis => padded.Shape[axis] - removed[axis] - removed[rank + axis])];
        context.Result(new Slice(new IntVector(removed.AsSpan()[..rank]), new IntVector(sizes), IntVector.Repeat(1, rank)), padded);
    }

    private static float Value(ImportContext context)
    {
        if (context.Opset < 11)
            return context.Attributes.Float("value", absent: 0);
        if (context.OptionalConstant(2, "constant_value") is not { Shape.Count: > 0 } value)
            return 0;
        return value.Type.IsFloat ? value.Floats[0] : value.Integers[0];
    }

    /// <summary>All begins, then all ends, one per axis; since operator set 18 the node may name the axes it pads.</summary>
    private static int[] Pads(ImportContext context, Shape shape)
    {
        long[] given = context.IntegerList("pads", inputIndex: 1, inputSince: 11) ?? throw ImportException.MissingAttribute("pads");
        int[] axes = context.OptionalConstant(3, "axes")?.Integers.ToArray().Select(a => shape.NormalizeAxis(checked((int)a))).ToArray()
            ?? [.. Enumerable.Range(0, shape.Rank)];
        if (given.Length != 2 * axes.Length)
            throw new GraphException($"{given.Length} pads do not fit {axes.Length} axes.");
        int[] pads = new int[2 * shape.Rank];
        for (int i = 0; i < axes.Length; i++)
        {
            pads[axes[i]] = checked((int)given[i]);
            pads[shape.Rank + axes[i]] = checked((int)given[axes.Length + i]);
        }

        return pads;
    }
}
