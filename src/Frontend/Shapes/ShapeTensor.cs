using PrivateInference.IR;

namespace PrivateInference.Frontend.Shapes;

/// <summary>Shapes that a model computes as tensors.</summary>
internal static class ShapeTensor
{
    /// <exception cref="GraphException">A dimension is negative, or there are too many elements.</exception>
    /// <exception cref="OverflowException">A dimension is out of range.</exception>
    public static Shape ToShape(this Tensor dimensions) => new([.. dimensions.Integers.ToArray().Select(d => checked((int)d))]);
}
