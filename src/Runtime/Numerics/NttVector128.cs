using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.Arm;
using System.Runtime.Intrinsics.X86;

namespace PrivateInference.Runtime.Numerics;

/// <summary>Two doubles: Arm64, and x86 processors whose wider vectors .NET does not use. Only .NET's portable vectors, so that what runs on Arm64 is tested on x86.</summary>
internal readonly struct NttVector128(Vector128<double> value) : INttVector<NttVector128>
{
    private readonly Vector128<double> _value = value;

    public static bool IsSupported => Vector128.IsHardwareAccelerated && (AdvSimd.Arm64.IsSupported || Fma.IsSupported);

    public static int Count => 2;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static NttVector128 Create(double value) => new(Vector128.Create(value));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static NttVector128 Load(ref double source, nuint index) => new(Vector128.LoadUnsafe(ref source, index));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Store(ref double destination, nuint index) => _value.StoreUnsafe(ref destination, index);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static NttVector128 operator +(NttVector128 left, NttVector128 right) => new(left._value + right._value);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static NttVector128 operator -(NttVector128 left, NttVector128 right) => new(left._value - right._value);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static NttVector128 operator *(NttVector128 left, NttVector128 right) => new(left._value * right._value);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static NttVector128 SubtractProduct(NttVector128 minuend, NttVector128 left, NttVector128 right) =>
        new(Vector128.FusedMultiplyAdd(-left._value, right._value, minuend._value));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static NttVector128 Round(NttVector128 value) => new(Vector128.Round(value._value));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static NttVector128 WhereNegative(NttVector128 value, NttVector128 chosen) =>
        new(Vector128.ConditionalSelect(Vector128.LessThan(value._value, Vector128<double>.Zero), chosen._value, Vector128<double>.Zero));

    public static NttVector128 RepeatPattern(int times) =>
        new(Vector128.Create(0x0706050403020100, times == 1 ? 0x0F0E0D0C0B0A0908 : 0x0706050403020100).AsDouble());

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static NttVector128 Repeat(NttVector128 values, NttVector128 pattern) =>
        new(Vector128.ShuffleNative(values._value.AsByte(), pattern._value.AsByte()).AsDouble());

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static NttVector128 EvenRuns(NttVector128 first, NttVector128 second, int run) =>
        new(first._value.WithElement(1, second._value.GetElement(0)));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static NttVector128 OddRuns(NttVector128 first, NttVector128 second, int run) =>
        new(second._value.WithElement(0, first._value.GetElement(1)));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static NttVector128 InterleaveLower(NttVector128 even, NttVector128 odd) =>
        EvenRuns(even, odd, 1);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static NttVector128 InterleaveUpper(NttVector128 even, NttVector128 odd) =>
        OddRuns(even, odd, 1);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static NttVector128 EvenElements(NttVector128 first, NttVector128 second) =>
        EvenRuns(first, second, 1);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static NttVector128 OddElements(NttVector128 first, NttVector128 second) =>
        OddRuns(first, second, 1);
}
