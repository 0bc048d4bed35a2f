using PrivateInference.IR;

namespace PrivateInference.Passes.Canonical;

/// <summary>The weights of a linear layer after a per-channel scale and offset of its result.</summary>
internal static class LinearWeights
{
    /// <summary>The weight with each output channel scaled; channels lie along <paramref name="channelAxis"/>.</summary>
    public static Tensor Scaled(Tensor weight, double[] scale, int channelAxis)
    {
        int inner = weight.Shape.Strides()[channelAxis];
        float[] scaled = weight.Floats.ToArray();
        for (int i = 0; i < scaled.Length; i++)
            scaled[i] = (float)(scaled[i] * scale[i / inner % scale.Length]);
        return Tensor.FromFloats(weight.Type, scaled);
    }

    /// <summary>scale·bias + offset, a vector of the layer's element type.</summary>
    public static Tensor Bias(ReadOnlySpan<float> bias, ChannelScale channels, TensorType layer)
    {
        float[] result = new float[channels.Scale.Length];
        for (int c = 0; c < result.Length; c++)
            result[c] = (float)((bias.IsEmpty ? 0 : channels.Scale[c] * bias[c]) + channels.Offset[c]);
        return Tensor.FromFloats(layer.WithShape(new Shape(result.Length)), result);
    }
}
