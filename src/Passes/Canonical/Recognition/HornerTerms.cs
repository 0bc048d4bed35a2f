using System.Collections.Immutable;
using PrivateInference.IR;
using PrivateInference.IR.Operations;

namespace PrivateInference.Passes.Canonical.Recognition;

/// <summary>Coefficients of a polynomial in elements of a shape, lowest power first; each is one number or one a channel.</summary>
/// <param name="Shape">Of the elements.</param>
/// <param name="Axis">Along which coefficients differ.</param>
/// <param name="Channels">How many there are of each power: 1, or the shape's size along the axis.</param>
/// <param name="Powers">For each power one number or one a channel.</param>
internal sealed record HornerTerms(Shape Shape, int Axis, int Channels, ImmutableArray<float[]> Powers)
{
    public int Degree => Powers.Length - 1;

    public static HornerTerms None(Shape shape) => new(shape, Math.Min(1, shape.Rank - 1), 1, []);

    /// <summary>Those of an operation; null where its coefficients are no constant.</summary>
    public static HornerTerms? Of(Polynomial polynomial, Tensor? coefficients, Shape shape)
    {
        if (coefficients is null)
            return null;
        (int channels, int terms) = (coefficients.Shape[0], coefficients.Shape[1]);
        return new HornerTerms(
            shape, polynomial.Axis, channels,
            [.. Enumerable.Range(0, terms).Select(k => Enumerable.Range(0, channels).Select(c => coefficients.Floats[(c * terms) + k]).ToArray())]);
    }

    /// <summary>All powers raised by one and a constant below them; null where it differs along another axis, or along several.</summary>
    public HornerTerms? Prepend(Tensor constant)
    {
        Shape own = constant.Shape;
        if (!constant.Type.IsFloat || own.Rank > Shape.Rank)
            return null;
        int[] wide = [.. Enumerable.Range(0, own.Rank).Where(d => own[d] != 1).Select(d => d + Shape.Rank - own.Rank)];
        if (wide.Length > 1)
            return null;
        ImmutableArray<float[]> powers = Powers.Insert(0, constant.Floats.ToArray());
        if (wide is not [var axis])
            return this with { Axis = Channels == 1 && own.Rank > 0 ? Shape.Rank - own.Rank : Axis, Powers = powers };
        bool fits = own.Count == Shape[axis] && (Channels == 1 || axis == Axis);
        return fits ? new HornerTerms(Shape, axis, own.Count, powers) : null;
    }

    /// <summary>The operation's second operand.</summary>
    public Tensor Coefficients(TensorType type)
    {
        float[] elements = new float[Channels * Powers.Length];
        for (int i = 0; i < elements.Length; i++)
        {
            float[] power = Powers[i % Powers.Length];
            elements[i] = power[power.Length == 1 ? 0 : i / Powers.Length];
        }

        return Tensor.FromFloats(type.WithShape(new Shape(Channels, Powers.Length)), elements);
    }
}
