using PrivateInference.IR;
using PrivateInference.IR.Execution;
using PrivateInference.IR.Operations;

namespace PrivateInference.Backends.Lowering.Rules;

/// <summary>Constants of any type as real numbers.</summary>
internal static class Constants
{
    public static float[] Elements(Tensor tensor)
        => tensor.Type.IsFloat ? tensor.Floats.ToArray() : Array.ConvertAll(tensor.Integers.ToArray(), i => (float)i);

    public static double[] Broadcast(Tensor constant, Shape shape)
    {
        // Adding zeros of the full shape broadcasts with the IR's own rules.
        Tensor elements = Tensor.FromFloats(constant.Shape, Elements(constant)), zeros = Tensor.FromFloats(shape, new float[shape.Count]);
        return [.. FloatInterpreter.Evaluate(new Binary(BinaryKind.Add), [zeros, elements]).Floats.ToArray()];
    }
}
