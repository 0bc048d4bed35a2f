using PrivateInference.IR;

namespace PrivateInference.Passes.Sharing;

/// <summary>One channel of a layer's input on all samples.</summary>
/// <param name="tensors">The layer's input, N×C×spatial, one tensor a sample.</param>
/// <param name="channel">Index of the channel.</param>
internal sealed class ChannelSamples(Tensor[] tensors, int channel)
{
    private readonly int _batch = tensors[0].Shape[0];
    private readonly int _channels = tensors[0].Shape[1];
    private readonly int _plane = tensors[0].Shape.Count / (tensors[0].Shape[0] * tensors[0].Shape[1]);

    /// <summary>The values at some positions of the plane, 0 for position −1: one row a sample and batch element.</summary>
    public IEnumerable<double[]> Rows(int[] positions)
    {
        for (int sample = 0; sample < tensors.Length * _batch; sample++)
        {
            ReadOnlySpan<float> plane = Plane(sample);
            double[] row = new double[positions.Length];
            for (int i = 0; i < row.Length; i++)
                row[i] = positions[i] < 0 ? 0 : plane[positions[i]];
            yield return row;
        }
    }

    /// <summary>For each of some positions the ReLU's decisions there over all samples, as bits (Helbitz and Avidan, y(p)).</summary>
    public ulong[][] Decisions(int[] positions)
    {
        int count = tensors.Length * _batch;
        ulong[][] patterns = Array.ConvertAll(positions, _ => new ulong[(count + 63) / 64]);
        for (int sample = 0; sample < count; sample++)
        {
            ReadOnlySpan<float> plane = Plane(sample);
            for (int i = 0; i < positions.Length; i++)
            {
                if (plane[positions[i]] >= 0)
                    patterns[i][sample / 64] |= 1UL << (sample % 64);
            }
        }

        return patterns;
    }

    private ReadOnlySpan<float> Plane(int sample)
        => tensors[sample / _batch].Floats.Slice(((sample % _batch * _channels) + channel) * _plane, _plane);
}
