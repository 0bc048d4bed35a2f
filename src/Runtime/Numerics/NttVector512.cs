using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace PrivateInference.Runtime.Numerics;

/// <summary>
/// The transform on vectors of eight doubles, the same integers as <see cref="NttPortable"/>. Stages of stride 8 and more
/// work on whole vectors; strides 4, 2 and 1 are done together on sixteen elements in two registers, whose lanes are
/// regrouped between stages so that each butterfly is again between two vectors.
/// </summary>
internal static class NttVector512
{
    private const int Lanes = 8;

    // Two-register permutations; indices from 8 up select from the second register.
    private static readonly Vector512<long> LowHalves = Vector512.Create(0L, 1, 2, 3, 8, 9, 10, 11);
    private static readonly Vector512<long> HighHalves = Vector512.Create(4L, 5, 6, 7, 12, 13, 14, 15);
    private static readonly Vector512<long> EvenPairs = Vector512.Create(0L, 1, 8, 9, 4, 5, 12, 13);
    private static readonly Vector512<long> OddPairs = Vector512.Create(2L, 3, 10, 11, 6, 7, 14, 15);
    private static readonly Vector512<long> EvenLanes = Vector512.Create(0L, 8, 2, 10, 4, 12, 6, 14);
    private static readonly Vector512<long> OddLanes = Vector512.Create(1L, 9, 3, 11, 5, 13, 7, 15);
    private static readonly Vector512<long> InterleaveLow = Vector512.Create(0L, 8, 1, 9, 2, 10, 3, 11);
    private static readonly Vector512<long> InterleaveHigh = Vector512.Create(4L, 12, 5, 13, 6, 14, 7, 15);
    private static readonly Vector512<long> Deinterleave0 = Vector512.Create(0L, 2, 4, 6, 8, 10, 12, 14);
    private static readonly Vector512<long> Deinterleave1 = Vector512.Create(1L, 3, 5, 7, 9, 11, 13, 15);

    // Spreads of consecutive twiddles over the lanes of strides 4 and 2.
    private static readonly Vector512<long> FourTimes = Vector512.Create(0L, 0, 0, 0, 1, 1, 1, 1);
    private static readonly Vector512<long> Twice = Vector512.Create(0L, 0, 1, 1, 2, 2, 3, 3);

    public static bool IsSupported => Vector512.IsHardwareAccelerated && Avx512F.IsSupported;

    public static void Forward(Span<double> polynomial, NttTable table)
    {
        var modulus = new NttModulus512(table.Modulus);
        ref var a = ref MemoryMarshal.GetReference(polynomial);
        ref var roots = ref MemoryMarshal.GetArrayDataReference(table.RootPowers);
        var degree = polynomial.Length;
        for (int blocks = 1, stride = degree / 2; stride >= Lanes; blocks *= 2, stride /= 2)
        {
            for (var block = 0; block < blocks; block++)
            {
                var twiddle = Vector512.Create(Unsafe.Add(ref roots, blocks + block));
                ref var top = ref Unsafe.Add(ref a, 2 * block * stride);
                ref var bottom = ref Unsafe.Add(ref top, stride);
                for (nuint i = 0; i < (nuint)stride; i += Lanes)
                {
                    var x = Vector512.LoadUnsafe(ref top, i);
                    var y = modulus.Multiply(Vector512.LoadUnsafe(ref bottom, i), twiddle);
                    (x + y).StoreUnsafe(ref top, i);
                    (x - y).StoreUnsafe(ref bottom, i);
                }
            }
        }

        LastForwardStages(ref a, ref roots, degree, modulus);
    }

    public static void Inverse(Span<double> polynomial, NttTable table)
    {
        var modulus = new NttModulus512(table.Modulus);
        ref var a = ref MemoryMarshal.GetReference(polynomial);
        ref var roots = ref MemoryMarshal.GetArrayDataReference(table.InverseRootPowers);
        var degree = polynomial.Length;
        FirstInverseStages(ref a, ref roots, degree, modulus);
        for (int blocks = degree / (2 * Lanes), stride = Lanes; blocks > 1; blocks /= 2, stride *= 2)
        {
            for (var block = 0; block < blocks; block++)
            {
                var twiddle = Vector512.Create(Unsafe.Add(ref roots, blocks + block));
                ref var top = ref Unsafe.Add(ref a, 2 * block * stride);
                ref var bottom = ref Unsafe.Add(ref top, stride);
                for (nuint i = 0; i < (nuint)stride; i += Lanes)
                {
                    var x = Vector512.LoadUnsafe(ref top, i);
                    var y = Vector512.LoadUnsafe(ref bottom, i);
                    (x + y).StoreUnsafe(ref top, i);
                    modulus.Multiply(x - y, twiddle).StoreUnsafe(ref bottom, i);
                }
            }
        }

        LastInverseStage(ref a, degree, table, modulus);
    }

    private static void LastForwardStages(ref double a, ref double roots, int degree, NttModulus512 modulus)
    {
        for (nuint i = 0; i < (nuint)degree; i += 2 * Lanes)
        {
            var first = Vector512.LoadUnsafe(ref a, i);
            var second = Vector512.LoadUnsafe(ref a, i + Lanes);
            var (twiddle4, twiddle2, twiddle1) = LoadTwiddles(ref roots, (nuint)degree, i);

            var x = Select(first, LowHalves, second);
            var y = modulus.Multiply(Select(first, HighHalves, second), twiddle4);
            (first, second) = (x + y, x - y);
            x = Select(first, EvenPairs, second);
            y = modulus.Multiply(Select(first, OddPairs, second), twiddle2);
            (first, second) = (x + y, x - y);
            x = Select(first, EvenLanes, second);
            y = modulus.Multiply(Select(first, OddLanes, second), twiddle1);
            (first, second) = (modulus.Canonical(x + y), modulus.Canonical(x - y));
            Select(first, InterleaveLow, second).StoreUnsafe(ref a, i);
            Select(first, InterleaveHigh, second).StoreUnsafe(ref a, i + Lanes);
        }
    }

    private static void FirstInverseStages(ref double a, ref double roots, int degree, NttModulus512 modulus)
    {
        for (nuint i = 0; i < (nuint)degree; i += 2 * Lanes)
        {
            var first = modulus.Reduce(Vector512.LoadUnsafe(ref a, i));
            var second = modulus.Reduce(Vector512.LoadUnsafe(ref a, i + Lanes));
            var (twiddle4, twiddle2, twiddle1) = LoadTwiddles(ref roots, (nuint)degree, i);

            var x = Select(first, Deinterleave0, second);
            var y = Select(first, Deinterleave1, second);
            (first, second) = (x + y, modulus.Multiply(x - y, twiddle1));
            x = Select(first, EvenLanes, second);
            y = Select(first, OddLanes, second);
            (first, second) = (x + y, modulus.Multiply(x - y, twiddle2));
            x = Select(first, EvenPairs, second);
            y = Select(first, OddPairs, second);
            (first, second) = (x + y, modulus.Multiply(x - y, twiddle4));
            Select(first, LowHalves, second).StoreUnsafe(ref a, i);
            Select(first, HighHalves, second).StoreUnsafe(ref a, i + Lanes);
        }
    }

    private static void LastInverseStage(ref double a, int degree, NttTable table, NttModulus512 modulus)
    {
        var sumFactor = Vector512.Create(table.InverseDegree);
        var differenceFactor = Vector512.Create(table.LastInverseTwiddle);
        ref var bottom = ref Unsafe.Add(ref a, degree / 2);
        for (nuint i = 0; i < (nuint)degree / 2; i += Lanes)
        {
            var x = Vector512.LoadUnsafe(ref a, i);
            var y = Vector512.LoadUnsafe(ref bottom, i);
            modulus.MakeNonNegative(modulus.Multiply(x + y, sumFactor)).StoreUnsafe(ref a, i);
            modulus.MakeNonNegative(modulus.Multiply(x - y, differenceFactor)).StoreUnsafe(ref bottom, i);
        }
    }

    /// <summary>The twiddles of strides 4, 2 and 1 for the sixteen elements from <paramref name="index"/>.</summary>
    private static (Vector512<double> Stride4, Vector512<double> Stride2, Vector512<double> Stride1) LoadTwiddles(
        ref double roots, nuint degree, nuint index)
    {
        // A stage of stride t has N/2t blocks, whose twiddles start at N/2t. The spreads read up to six doubles more than
        // they use; those lie within the table as long as N ≥ 16.
        var stride4 = Vector512.LoadUnsafe(ref roots, (degree / 8) + (index / 8));
        var stride2 = Vector512.LoadUnsafe(ref roots, (degree / 4) + (index / 4));
        var stride1 = Vector512.LoadUnsafe(ref roots, (degree / 2) + (index / 2));
        return (Spread(stride4, FourTimes), Spread(stride2, Twice), stride1);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector512<double> Spread(Vector512<double> values, Vector512<long> lanes) =>
        Avx512F.PermuteVar8x64(values, lanes);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector512<double> Select(Vector512<double> first, Vector512<long> lanes, Vector512<double> second) =>
        Avx512F.PermuteVar8x64x2(first, lanes, second);
}
