using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace PrivateInference.Runtime.Numerics;

/// <summary>Eight doubles: AVX-512.</summary>
internal readonly struct NttVector512(Vector512<double> value) : INttVector<NttVector512>
{
    private readonly Vector512<double> _value = value;

    public static bool IsSupported => Vector512.IsHardwareAccelerated && Avx512F.IsSupported;

    public static int Count => 8;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static NttVector512 Create(double value) => new(Vector512.Create(value));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static NttVector512 Load(ref double source, nuint index) => new(Vector512.LoadUnsafe(ref source, index));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Store(ref double destination, nuint index) => _value.StoreUnsafe(ref destination, index);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static NttVector512 operator +(NttVector512 left, NttVector512 right) => new(left._value + right._value);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static NttVector512 operator -(NttVector512 left, NttVector512 right) => new(left._value - right._value);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static NttVector512 operator *(NttVector512 left, NttVector512 right) => new(left._value * right._value);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static NttVector512 SubtractProduct(NttVector512 minuend, NttVector512 left, NttVector512 right) =>
        new(Avx512F.FusedMultiplyAddNegated(left._value, right._value, minuend._value));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static NttVector512 Round(NttVector512 value) => new(Vector512.Round(value._value));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static NttVector512 WhereNegative(NttVector512 value, NttVector512 chosen) =>
        new(Vector512.ConditionalSelect(Vector512.LessThan(value._value, Vector512<double>.Zero), chosen._value, Vector512<double>.Zero));

    public static NttVector512 RepeatPattern(int times) => new((times switch
    {
        1 => Vector512.Create(0L, 1, 2, 3, 4, 5, 6, 7),
        2 => Vector512.Create(0L, 0, 1, 1, 2, 2, 3, 3),
        4 => Vector512.Create(0L, 0, 0, 0, 1, 1, 1, 1),
        _ => Vector512<long>.Zero,
    }).AsDouble());

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static NttVector512 Repeat(NttVector512 values, NttVector512 pattern) =>
        new(Avx512F.PermuteVar8x64(values._value, pattern._value.AsInt64()));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static NttVector512 EvenRuns(NttVector512 first, NttVector512 second, int run) =>
        Select(first, second, run switch
        {
            4 => Vector512.Create(0L, 1, 2, 3, 8, 9, 10, 11),
            2 => Vector512.Create(0L, 1, 8, 9, 4, 5, 12, 13),
            _ => Vector512.Create(0L, 8, 2, 10, 4, 12, 6, 14),
        });

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static NttVector512 OddRuns(NttVector512 first, NttVector512 second, int run) =>
        Select(first, second, run switch
        {
            4 => Vector512.Create(4L, 5, 6, 7, 12, 13, 14, 15),
            2 => Vector512.Create(2L, 3, 10, 11, 6, 7, 14, 15),
            _ => Vector512.Create(1L, 9, 3, 11, 5, 13, 7, 15),
        });

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static NttVector512 InterleaveLower(NttVector512 even, NttVector512 odd) =>
        Select(even, odd, Vector512.Create(0L, 8, 1, 9, 2, 10, 3, 11));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static NttVector512 InterleaveUpper(NttVector512 even, NttVector512 odd) =>
        Select(even, odd, Vector512.Create(4L, 12, 5, 13, 6, 14, 7, 15));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static NttVector512 EvenElements(NttVector512 first, NttVector512 second) =>
        Select(first, second, Vector512.Create(0L, 2, 4, 6, 8, 10, 12, 14));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static NttVector512 OddElements(NttVector512 first, NttVector512 second) =>
        Select(first, second, Vector512.Create(1L, 3, 5, 7, 9, 11, 13, 15));

    // Indices from 8 up select from the second register.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static NttVector512 Select(NttVector512 first, NttVector512 second, Vector512<long> lanes) =>
        new(Avx512F.PermuteVar8x64x2(first._value, lanes, second._value));
}
