using PrivateInference.Frontend.Importing;
using PrivateInference.IR;
using PrivateInference.IR.Operations;

namespace PrivateInference.Frontend.Operators;

/// <summary>Mean and variance over part of a tensor, from means over windows.</summary>
internal static class Moments
{
    /// <param name="context">The node.</param>
    /// <param name="rows">A tensor of rows × columns elements, row-major.</param>
    /// <param name="count">The number of rows.</param>
    /// <returns>The mean and the population variance of each row, both 1×rows×1.</returns>
    public static (Operand Mean, Operand Variance) OfRows(ImportContext context, Operand rows, int count)
    {
        int columns = rows.Shape.Count / Math.Max(count, 1);
        AveragePool average = new(SpatialWindow.Create([columns]));
        Operand flat = context.Step("rows", new Reshape(new Shape(1, count, columns)), rows);
        Operand mean = context.Step("mean", average, flat);
        Operand centered = context.Step("centered", new Binary(BinaryKind.Sub), flat, mean);
        Operand squared = context.Step("squared", new Binary(BinaryKind.Mul), centered, centered);
        return (mean, context.Step("variance", average, squared));
    }
}
