using PrivateInference.Frontend.Diagnostics;
using PrivateInference.Frontend.Importing;
using PrivateInference.IR.Operations;

namespace PrivateInference.Frontend.Operators;

/// <summary>Pooling over windows and over the whole image.</summary>
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
}
