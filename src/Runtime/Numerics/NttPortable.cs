namespace PrivateInference.Runtime.Numerics;

/// <summary>
/// The kernels without vectors, which those with vectors are tested against. No stage of the transform reduces its sums: forward, a stage adds at most 0.51·p to a magnitude, so
/// thirteen stages end below 9·p &lt; 2^40; inverse, a stage doubles it, so thirteen stages end below 2^13·p &lt; 2^49.
/// Both are within the bound of <see cref="NttModulus"/>.
/// </summary>
internal sealed class NttPortable : NttKernel
{
    private NttPortable()
    {
    }

    public static NttPortable Instance { get; } = new();

    public override int Lanes => 1;

    public override void Forward(Span<double> a, NttTable table)
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

        Canonicalize(a, modulus);
    }

    public override void Inverse(Span<double> a, NttTable table)
    {
        var modulus = table.Modulus;
        Canonicalize(a, modulus);
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

    public override void MultiplyAdd(Span<double> sum, ReadOnlySpan<double> x, ReadOnlySpan<double> y, NttModulus modulus)
    {
        for (var i = 0; i < sum.Length; i++)
            sum[i] += modulus.Multiply(x[i], y[i]);
    }

    public override void MultiplyAdd(Span<double> sum, ReadOnlySpan<double> x, double factor, NttModulus modulus)
    {
        for (var i = 0; i < sum.Length; i++)
            sum[i] += modulus.Multiply(x[i], factor);
    }

    public override void Scale(Span<double> values, double factor, NttModulus modulus)
    {
        for (var i = 0; i < values.Length; i++)
            values[i] = modulus.Canonical(modulus.Multiply(values[i], factor));
    }

    public override void Canonicalize(Span<double> values, NttModulus modulus)
    {
        for (var i = 0; i < values.Length; i++)
            values[i] = modulus.Canonical(values[i]);
    }

    public override void AddProducts(ProductSums sums, ProductTerms ciphertexts, ProductFactors factors, NttModulus modulus)
    {
        for (var sum = 0; sum < sums.Count; sum++)
        {
            var body = sums.Values.Slice(sum * sums.Stride, sums.Length);
            var uniform = sums.Values.Slice((sum * sums.Stride) + sums.HalfStride, sums.Length);
            for (var i = 0; i < sums.Length; i++)
            {
                for (var term = 0; term < ciphertexts.Count; term++)
                {
                    var factor = factors.Values[(sum * factors.SumStride) + (term * factors.TermStride) + (i / factors.Repetition)];
                    var source = ciphertexts.Place(i) + (term * NttProducts.Lanes);
                    body[i] += modulus.Multiply(ciphertexts.Bodies[source], factor);
                    uniform[i] += modulus.Multiply(ciphertexts.Uniforms[source], factor);
                }
            }
        }
    }

    public override void Combine(ReadOnlySpan<double> parts, int count, NttTable table, Span<double> values)
    {
        var length = NttExpansion.PartLength(parts, count);
        var repetition = values.Length / length;
        for (var i = 0; i < values.Length; i++)
            values[i] = parts[i / repetition];
        for (var k = 1; k < count; k++)
        {
            var power = table.PowerOfX(k);
            for (var i = 0; i < values.Length; i++)
                values[i] += table.Modulus.Multiply(power[i], parts[(k * length) + (i / repetition)]);
        }

        Canonicalize(values, table.Modulus);
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
