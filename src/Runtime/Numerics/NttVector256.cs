using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace PrivateInference.Runtime.Numerics;

/// <summary>Four doubles: AVX2 with FMA.</summary>
internal readonly struct NttVector256(Vector256<double> value) : INttVector<NttVector256>
{
    private readonly Vector256<double> _value = value;

    public static bool IsSupported => Vector256.IsHardwareAccelerated && Avx2.IsSupported && Fma.IsSupported;

    public static int Count => 4;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static NttVector256 Create(double value) => new(Vector256.Create(value));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static NttVector256 Load(ref double source, nuint index) => new(Vector256.LoadUnsafe(ref source, index));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Store(ref double destination, nuint index) => _value.StoreUnsafe(ref destination, index);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static NttVector256 operator +(NttVector256 left, NttVector256 right) => new(left._value + right._value);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static NttVector256 operator -(NttVector256 left, NttVector256 right) => new(left._value - right._value);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static NttVector256 operator *(NttVector256 left, NttVector256 right) => new(left._value * right._value);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static NttVector256 SubtractProduct(NttVector256 minuend, NttVector256 left, NttVector256 right) =>
        new(Fma.MultiplyAddNegated(left._value, right._value, minuend._value));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static NttVector256 Round(NttVector256 value) => new(Vector256.Round(value._value));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static NttVector256 WhereNegative(NttVector256 value, NttVector256 chosen) =>
        new(Vector256.ConditionalSelect(Vector256.LessThan(value._value, Vector256<double>.Zero), chosen._value, Vector256<double>.Zero));

    // AVX2 permutes 32-bit elements by a variable pattern only, so an element is two.
    public static NttVector256 RepeatPattern(int times) => new((times switch
    {
        1 => Vector256.Create(0, 1, 2, 3, 4, 5, 6, 7),
        2 => Vector256.Create(0, 1, 0, 1, 2, 3, 2, 3),
        _ => Vector256.Create(0, 1, 0, 1, 0, 1, 0, 1),
    }).AsDouble());

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static NttVector256 Repeat(NttVector256 values, NttVector256 pattern) =>
        new(Avx2.PermuteVar8x32(values._value.AsSingle(), pattern._value.AsInt32()).AsDouble());

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static NttVector256 EvenRuns(NttVector256 first, NttVector256 second, int run) =>
        run == 2 ? LowerHalves(first, second) : new(Avx.UnpackLow(first._value, second._value));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static NttVector256 OddRuns(NttVector256 first, NttVector256 second, int run) =>
        run == 2 ? UpperHalves(first, second) : new(Avx.UnpackHigh(first._value, second._value));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static NttVector256 InterleaveLower(NttVector256 even, NttVector256 odd) =>
        LowerHalves(EvenRuns(even, odd, 1), OddRuns(even, odd, 1));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static NttVector256 InterleaveUpper(NttVector256 even, NttVector256 odd) =>
        UpperHalves(EvenRuns(even, odd, 1), OddRuns(even, odd, 1));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static NttVector256 EvenElements(NttVector256 first, NttVector256 second) =>
        EvenRuns(LowerHalves(first, second), UpperHalves(first, second), 1);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static NttVector256 OddElements(NttVector256 first, NttVector256 second) =>
        OddRuns(LowerHalves(first, second), UpperHalves(first, second), 1);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static NttVector256 LowerHalves(NttVector256 first, NttVector256 second) =>
        new(Avx.Permute2x128(first._value, second._value, 0x20));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static NttVector256 UpperHalves(NttVector256 first, NttVector256 second) =>
        new(Avx.Permute2x128(first._value, second._value, 0x31));
}
