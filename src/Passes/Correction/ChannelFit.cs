using PrivateInference.IR;

namespace PrivateInference.Passes.Correction;

/// <summary>
/// For one channel the scale a and the offset b with the least Σ (a·x_i + b − y_i)², x being what it is and y what it should be.
/// </summary>
internal sealed class ChannelFit
{
    /// <summary>With fewer observations a channel's offset alone is fitted: two parameters would fit their noise.</summary>
    private const int MinForScale = 16;

    private long _count;
    private double _x, _y, _xx, _xy, _yy;

    /// <summary>Observes all channels of some tensors.</summary>
    /// <param name="actual">What the channels are, one tensor a sample.</param>
    /// <param name="wanted">What they should be.</param>
    /// <param name="axis">The axis of the channels.</param>
    public static ChannelFit[] Observe(Tensor[] actual, Tensor[] wanted, int axis)
    {
        Shape shape = actual[0].Shape;
        int inner = shape.Strides()[axis];
        ChannelFit[] channels = [.. Enumerable.Range(0, shape[axis]).Select(_ => new ChannelFit())];
        for (int sample = 0; sample < actual.Length; sample++)
        {
            ReadOnlySpan<float> x = actual[sample].Floats, y = wanted[sample].Floats;
            for (int i = 0; i < x.Length; i++)
                channels[i / inner % channels.Length].Add(x[i], y[i]);
        }

        return channels;
    }

    /// <summary>Σ (x − y)²</summary>
    public double Error => _xx - (2 * _xy) + _yy;

    /// <summary>Σ (y − mean of y)²</summary>
    public double Spread => _yy - (_y * _y / _count);

    /// <summary>Σ (a·x + b − y)²</summary>
    public double ErrorAfter(double scale, double offset)
        => (scale * scale * _xx) + (_count * offset * offset) + _yy + (2 * scale * offset * _x) - (2 * scale * _xy) - (2 * offset * _y);

    /// <param name="withScale">Whether a may differ from 1.</param>
    public (double Scale, double Offset) Solve(bool withScale)
    {
        double variance = _xx - (_x * _x / _count), covariance = _xy - (_x * _y / _count);
        bool varies = _count >= MinForScale && variance > 1e-9 * _xx;
        double scale = withScale && varies ? covariance / variance : 1;
        return (scale, (_y - (scale * _x)) / _count);
    }

    private void Add(double x, double y)
    {
        _count++;
        _x += x;
        _y += y;
        _xx += x * x;
        _xy += x * y;
        _yy += y * y;
    }
}
