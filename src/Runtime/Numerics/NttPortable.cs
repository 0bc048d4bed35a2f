namespace PrivateInference.Runtime.Numerics;

/// <summary>
/// The transform without vectors. No stage reduces its sums: forward, a stage adds at most 0.51·p to a magnitude, so
/// thirteen stages end below 9·p &lt; 2^40; inverse, a stage doubles it, so thirteen stages end below 2^13·p &lt; 2^49.
/// Both are within the bound of <see cref="NttModulus"/>.
/// </summary>
internal static class NttPortable
{
    public static void Forward(Span<double> a, NttTable table)
    {
        var modulus = table.Modulus;
        for (int blocks = 1, stride = a.Length / 2; stride > 0; blocks *= 2, stride /= 2)
        {
            for (var block = 0; block < blocks; block++)
            {
                var twiddle = table.RootPowers[blocks + block];
                var top = a.Slice(2 * block * stride, stride);
                var bottom = a.Slice((2 * block * stride) + stride, stride);
                for (var i = 0; i < top.Length; i++)
                {
                    var product = modulus.Multiply(bottom[i], twiddle);
                    bottom[i] = top[i] - product;
                    top[i] += product;
                }
            }
        }

        for (var i = 0; i < a.Length; i++)
            a[i] = modulus.Canonical(a[i]);
    }

    public static void Inverse(Span<double> a, NttTable table)
    {
        var modulus = table.Modulus;
        for (var i = 0; i < a.Length; i++)
            a[i] = modulus.Canonical(a[i]);
        for (int blocks = a.Length / 2, stride = 1; blocks > 1; blocks /= 2, stride *= 2)
        {
            for (var block = 0; block < blocks; block++)
            {
                var twiddle = table.InverseRootPowers[blocks + block];
                var top = a.Slice(2 * block * stride, stride);
                var bottom = a.Slice((2 * block * stride) + stride, stride);
                for (var i = 0; i < top.Length; i++)
                {
                    var difference = top[i] - bottom[i];
                    top[i] += bottom[i];
                    bottom[i] = modulus.Multiply(difference, twiddle);
                }
            }
        }

        LastInverseStage(a, table);
    }

    private static void LastInverseStage(Span<double> a, NttTable table)
    {
        var modulus = table.Modulus;
        var half = a.Length / 2;
        for (var i = 0; i < half; i++)
        {
            var sum = a[i] + a[i + half];
            var difference = a[i] - a[i + half];
            a[i] = modulus.Canonical(modulus.Multiply(sum, table.InverseDegree));
            a[i + half] = modulus.Canonical(modulus.Multiply(difference, table.LastInverseTwiddle));
        }
    }
}
