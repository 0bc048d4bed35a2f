using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace PrivateInference.Runtime.Numerics;

/// <summary>
/// The transform on vectors of W doubles, the same integers as <see cref="NttPortable"/>. Stages of stride W and more work on
/// whole vectors; smaller strides are done together on 2·W elements in two registers, whose lanes are regrouped between stages
/// so that each butterfly is again between two vectors.
/// </summary>
internal static class NttVectorTransform<TVector>
    where TVector : struct, INttVector<TVector>
{
    /// <summary>Two vectors.</summary>
    public static int SmallestDegree => 2 * TVector.Count;

    public static void Forward(Span<double> polynomial, NttTable table)
    {
        var modulus = new NttVectorModulus<TVector>(table.Modulus);
        ref var a = ref MemoryMarshal.GetReference(polynomial);
        ref var roots = ref MemoryMarshal.GetArrayDataReference(table.RootPowers);
        var degree = polynomial.Length;
        for (int blocks = 1, stride = degree / 2; stride >= TVector.Count; blocks *= 2, stride /= 2)
        {
            for (var block = 0; block < blocks; block++)
            {
                var twiddle = TVector.Create(Unsafe.Add(ref roots, blocks + block));
                ref var top = ref Unsafe.Add(ref a, 2 * block * stride);
                ref var bottom = ref Unsafe.Add(ref top, stride);
                for (nuint i = 0; i < (nuint)stride; i += (nuint)TVector.Count)
                {
                    var x = TVector.Load(ref top, i);
                    var y = modulus.Multiply(TVector.Load(ref bottom, i), twiddle);
                    (x + y).Store(ref top, i);
                    (x - y).Store(ref bottom, i);
                }
            }
        }

        LastForwardStages(ref a, ref roots, (nuint)degree, modulus);
    }

    public static void Inverse(Span<double> polynomial, NttTable table)
    {
        var modulus = new NttVectorModulus<TVector>(table.Modulus);
        ref var a = ref MemoryMarshal.GetReference(polynomial);
        ref var roots = ref MemoryMarshal.GetArrayDataReference(table.InverseRootPowers);
        var degree = polynomial.Length;
        FirstInverseStages(ref a, ref roots, (nuint)degree, modulus);
        for (int blocks = degree / (2 * TVector.Count), stride = TVector.Count; blocks > 1; blocks /= 2, stride *= 2)
        {
            for (var block = 0; block < blocks; block++)
            {
                var twiddle = TVector.Create(Unsafe.Add(ref roots, blocks + block));
                ref var top = ref Unsafe.Add(ref a, 2 * block * stride);
                ref var bottom = ref Unsafe.Add(ref top, stride);
                for (nuint i = 0; i < (nuint)stride; i += (nuint)TVector.Count)
                {
                    var x = TVector.Load(ref top, i);
                    var y = TVector.Load(ref bottom, i);
                    (x + y).Store(ref top, i);
                    modulus.Multiply(x - y, twiddle).Store(ref bottom, i);
                }
            }
        }

        LastInverseStage(ref a, (nuint)degree, table, modulus);
    }

    private static void LastForwardStages(ref double a, ref double roots, nuint degree, NttVectorModulus<TVector> modulus)
    {
        for (nuint i = 0; i < degree; i += 2 * (nuint)TVector.Count)
        {
            var first = TVector.Load(ref a, i);
            var second = TVector.Load(ref a, i + (nuint)TVector.Count);
            if (TVector.Count > 4)
                ForwardStage(ref first, ref second, 4, ref roots, degree, i, modulus);
            if (TVector.Count > 2)
                ForwardStage(ref first, ref second, 2, ref roots, degree, i, modulus);
            ForwardStage(ref first, ref second, 1, ref roots, degree, i, modulus);
            first = modulus.Canonical(first);
            second = modulus.Canonical(second);
            TVector.InterleaveLower(first, second).Store(ref a, i);
            TVector.InterleaveUpper(first, second).Store(ref a, i + (nuint)TVector.Count);
        }
    }

    private static void FirstInverseStages(ref double a, ref double roots, nuint degree, NttVectorModulus<TVector> modulus)
    {
        for (nuint i = 0; i < degree; i += 2 * (nuint)TVector.Count)
        {
            var low = modulus.Reduce(TVector.Load(ref a, i));
            var high = modulus.Reduce(TVector.Load(ref a, i + (nuint)TVector.Count));
            var first = TVector.EvenElements(low, high);
            var second = TVector.OddElements(low, high);
            InverseStage(ref first, ref second, 1, ref roots, degree, i, modulus);
            if (TVector.Count > 2)
                InverseStage(ref first, ref second, 2, ref roots, degree, i, modulus);
            if (TVector.Count > 4)
                InverseStage(ref first, ref second, 4, ref roots, degree, i, modulus);
            first.Store(ref a, i);
            second.Store(ref a, i + (nuint)TVector.Count);
        }
    }

    // Regroups, then adds and subtracts.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void ForwardStage(
        ref TVector first, ref TVector second, int stride, ref double roots, nuint degree, nuint index, NttVectorModulus<TVector> modulus)
    {
        var x = TVector.EvenRuns(first, second, stride);
        var y = modulus.Multiply(TVector.OddRuns(first, second, stride), LoadTwiddles(ref roots, degree, index, stride));
        first = x + y;
        second = x - y;
    }

    // Adds and subtracts, then regroups.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void InverseStage(
        ref TVector first, ref TVector second, int stride, ref double roots, nuint degree, nuint index, NttVectorModulus<TVector> modulus)
    {
        var x = first + second;
        var y = modulus.Multiply(first - second, LoadTwiddles(ref roots, degree, index, stride));
        first = TVector.EvenRuns(x, y, stride);
        second = TVector.OddRuns(x, y, stride);
    }

    private static void LastInverseStage(ref double a, nuint degree, NttTable table, NttVectorModulus<TVector> modulus)
    {
        var sumFactor = TVector.Create(table.InverseDegree);
        var differenceFactor = TVector.Create(table.LastInverseTwiddle);
        ref var bottom = ref Unsafe.Add(ref a, degree / 2);
        for (nuint i = 0; i < degree / 2; i += (nuint)TVector.Count)
        {
            var x = TVector.Load(ref a, i);
            var y = TVector.Load(ref bottom, i);
            modulus.MakeNonNegative(modulus.Multiply(x + y, sumFactor)).Store(ref a, i);
            modulus.MakeNonNegative(modulus.Multiply(x - y, differenceFactor)).Store(ref bottom, i);
        }
    }

    /// <summary>The twiddles of a stage for the 2·W elements from <paramref name="index"/>.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static TVector LoadTwiddles(ref double roots, nuint degree, nuint index, int stride)
    {
        // A stage of stride t has N/2t blocks, whose twiddles start at N/2t. A load reads up to W − W/t doubles more than are
        // used; those lie within the table as long as N ≥ 2·W.
        var twiddles = TVector.Load(ref roots, (degree + index) / (2 * (nuint)stride));
        return stride == 1 ? twiddles : TVector.Repeat(twiddles, TVector.RepeatPattern(stride));
    }
}
