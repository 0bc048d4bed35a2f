using System.Runtime.InteropServices;

namespace PrivateInference.Runtime.Numerics;

/// <summary>The kernels on vectors of one width, the same integers as <see cref="NttPortable"/>.</summary>
internal sealed class NttVectorKernel<TVector> : NttKernel
    where TVector : struct, INttVector<TVector>
{
    public override int Lanes => TVector.Count;

    public override void Forward(Span<double> polynomial, NttTable table)
    {
        if (polynomial.Length < NttVectorTransform<TVector>.SmallestDegree)
            NttPortable.Instance.Forward(polynomial, table);
        else
            NttVectorTransform<TVector>.Forward(polynomial, table);
    }

    public override void Inverse(Span<double> polynomial, NttTable table)
    {
        if (polynomial.Length < NttVectorTransform<TVector>.SmallestDegree)
            NttPortable.Instance.Inverse(polynomial, table);
        else
            NttVectorTransform<TVector>.Inverse(polynomial, table);
    }

    public override void MultiplyAdd(Span<double> sum, ReadOnlySpan<double> x, ReadOnlySpan<double> y, NttModulus modulus)
    {
        var vectors = new NttVectorModulus<TVector>(modulus);
        ref var s = ref MemoryMarshal.GetReference(sum);
        ref var left = ref MemoryMarshal.GetReference(x);
        ref var right = ref MemoryMarshal.GetReference(y);
        var done = 0;
        for (; done <= sum.Length - TVector.Count; done += TVector.Count)
        {
            var product = vectors.Multiply(TVector.Load(ref left, (nuint)done), TVector.Load(ref right, (nuint)done));
            (TVector.Load(ref s, (nuint)done) + product).Store(ref s, (nuint)done);
        }

        NttPortable.Instance.MultiplyAdd(sum[done..], x[done..], y[done..], modulus);
    }

    public override void MultiplyAdd(Span<double> sum, ReadOnlySpan<double> x, double factor, NttModulus modulus)
    {
        var vectors = new NttVectorModulus<TVector>(modulus);
        var factors = TVector.Create(factor);
        ref var s = ref MemoryMarshal.GetReference(sum);
        ref var left = ref MemoryMarshal.GetReference(x);
        var done = 0;
        for (; done <= sum.Length - TVector.Count; done += TVector.Count)
        {
            var product = vectors.Multiply(TVector.Load(ref left, (nuint)done), factors);
            (TVector.Load(ref s, (nuint)done) + product).Store(ref s, (nuint)done);
        }

        NttPortable.Instance.MultiplyAdd(sum[done..], x[done..], factor, modulus);
    }

    public override void Scale(Span<double> values, double factor, NttModulus modulus)
    {
        var vectors = new NttVectorModulus<TVector>(modulus);
        var factors = TVector.Create(factor);
        ref var v = ref MemoryMarshal.GetReference(values);
        var done = 0;
        for (; done <= values.Length - TVector.Count; done += TVector.Count)
            vectors.MakeNonNegative(vectors.Multiply(TVector.Load(ref v, (nuint)done), factors)).Store(ref v, (nuint)done);
        NttPortable.Instance.Scale(values[done..], factor, modulus);
    }

    public override void Canonicalize(Span<double> values, NttModulus modulus)
    {
        var vectors = new NttVectorModulus<TVector>(modulus);
        ref var v = ref MemoryMarshal.GetReference(values);
        var done = 0;
        for (; done <= values.Length - TVector.Count; done += TVector.Count)
            vectors.Canonical(TVector.Load(ref v, (nuint)done)).Store(ref v, (nuint)done);
        NttPortable.Instance.Canonicalize(values[done..], modulus);
    }

    public override void AddProducts(ProductSums sums, ProductTerms ciphertexts, ProductFactors factors, NttModulus modulus)
        => NttVectorProducts<TVector>.Add(sums, ciphertexts, factors, modulus);

    public override void Combine(ReadOnlySpan<double> parts, int count, NttTable table, Span<double> values)
    {
        if (values.Length < TVector.Count)
            NttPortable.Instance.Combine(parts, count, table, values);
        else
            NttVectorProducts<TVector>.Combine(parts, count, table, values);
    }
}
