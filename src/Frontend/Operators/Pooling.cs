using PrivateInference.Frontend.Diagnostics;
using PrivateInference.Frontend.Importing;
using PrivateInference.IR;
using PrivateInference.IR.Operations;

namespace PrivateInference.Frontend.Operators;

/// <summary>Pooling over windows, over the whole image, and means over the spatial axes.</summary>
internal static class Pooling
{
    public static (string Name, OperatorImporter Importer)[] Operators =>
    [
        ("MaxPool", MaxPool),
        ("AveragePool", AveragePool),
        ("GlobalMaxPool", context => context.Result(new MaxPool(WindowAttributes.Global(context.Input(0).Shape)), context.Input(0))),
        ("GlobalAveragePool", context => context.Result(new AveragePool(WindowAttributes.Global(context.Input(0).Shape)), context.Input(0))),
        ("LpPool", context => context.Result(new LpPool(Window(context), Order(context), CeilMode(context)), context.Input(0))),
        ("GlobalLpPool", context => context.Result(new LpPool(WindowAttributes.Global(context.Input(0).Shape), Order(context)), context.Input(0))),
        ("ReduceMean", ReduceMean),
    ];

    private static void MaxPool(ImportContext context)
    {
        MaxPool pool = new(Window(context), CeilMode(context));
        context.Result(pool, context.Input(0));
        if (context.IsUsed(1))
            context.Result(new MaxPoolIndices(pool.Window, pool.CeilMode, context.Attributes.Flag("storage_order")), context.Input(0));
    }

    private static void AveragePool(ImportContext context)
    {
        bool countIncludePad = context.Attributes.Flag("count_include_pad");
        context.Result(new AveragePool(Window(context), CeilMode(context), countIncludePad), context.Input(0));
    }

    private static int Order(ImportContext context) => checked((int)context.Attributes.Int("p", absent: 2));

    private static SpatialWindow Window(ImportContext context)
    {
        long[] kernel = context.Attributes.Ints("kernel_shape") ?? throw ImportException.MissingAttribute("kernel_shape");
        return WindowAttributes.Read(context, context.Input(0).Shape, [.. kernel.Select(k => checked((int)k))]);
    }

    /// <summary>Derived pads already give the rounded-up size.</summary>
    private static bool CeilMode(ImportContext context) => context.Attributes.Flag("ceil_mode") && !WindowAttributes.IsSame(context);

    /// <summary>A mean over exactly the spatial axes is a global average pool; without them kept, reshaped.</summary>
    private static void ReduceMean(ImportContext context)
    {
        Operand input = context.Input(0);
        long[] axes = context.IntegerList("axes", inputIndex: 1, inputSince: 18) ?? [];
        IEnumerable<int> normalized = axes.Select(a => input.Shape.NormalizeAxis(checked((int)a))).Order();
        if (input.Shape.Rank < 3 || !normalized.SequenceEqual(Enumerable.Range(2, input.Shape.Rank - 2)))
        {
            throw ImportException.Unsupported(
                $"it takes the mean over axes [{string.Join(", ", axes)}] of {input.Shape}.",
                "Only the mean over all spatial axes is supported, as a global average pool.");
        }

        AveragePool pool = new(WindowAttributes.Global(input.Shape));
        if (context.Attributes.Flag("keepdims", absent: true))
        {
            context.Result(pool, input);
            return;
        }

        Shape flat = new(input.Shape.Dimensions.AsSpan()[..2]);
        context.Result(new Reshape(flat), [context.MainStep("pool", pool, input)], role: "reshape");
    }
}
