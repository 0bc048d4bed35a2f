namespace PrivateInference.Runtime.Numerics;

/// <summary>
/// A vector of doubles of one width: what the kernels of <see cref="NttVectorKernel{TVector}"/> are written on, so that each is
/// written once. An implementation wraps one of .NET's vectors and is as fast as that, as the JIT compiles the kernels for each.
/// </summary>
/// <typeparam name="TSelf">The implementation.</typeparam>
internal interface INttVector<TSelf>
    where TSelf : struct, INttVector<TSelf>
{
    /// <summary>Whether the processor has such vectors with a fused multiply-add.</summary>
    static abstract bool IsSupported { get; }

    /// <summary>W: elements of a vector, a power of two from 2 to 8.</summary>
    static abstract int Count { get; }

    /// <summary>A vector of equal elements.</summary>
    static abstract TSelf Create(double value);

    static abstract TSelf Load(ref double source, nuint index);

    void Store(ref double destination, nuint index);

    static abstract TSelf operator +(TSelf left, TSelf right);

    static abstract TSelf operator -(TSelf left, TSelf right);

    static abstract TSelf operator *(TSelf left, TSelf right);

    /// <summary>minuend − left·right, rounded once.</summary>
    static abstract TSelf SubtractProduct(TSelf minuend, TSelf left, TSelf right);

    /// <summary>To the nearest integer, halves to the even one.</summary>
    static abstract TSelf Round(TSelf value);

    /// <summary>The chosen elements where those of <paramref name="value"/> are negative, zeros elsewhere.</summary>
    static abstract TSelf WhereNegative(TSelf value, TSelf chosen);

    /// <summary>What <see cref="Repeat"/> takes to repeat each of the first elements so many times; a power of two, W or more alike.</summary>
    static abstract TSelf RepeatPattern(int times);

    /// <summary>A vector's first elements, repeated.</summary>
    static abstract TSelf Repeat(TSelf values, TSelf pattern);

    /// <summary>
    /// Cuts both vectors into runs of <paramref name="run"/> elements, 1 to W/2, and takes in turn an even run of the first and the
    /// same of the second. With <see cref="OddRuns"/> its own inverse.
    /// </summary>
    static abstract TSelf EvenRuns(TSelf first, TSelf second, int run);

    /// <summary>As <see cref="EvenRuns"/>, the odd runs.</summary>
    static abstract TSelf OddRuns(TSelf first, TSelf second, int run);

    /// <summary>Elements in turn from both vectors, from their lower halves.</summary>
    static abstract TSelf InterleaveLower(TSelf even, TSelf odd);

    /// <summary>As <see cref="InterleaveLower"/>, from their upper halves.</summary>
    static abstract TSelf InterleaveUpper(TSelf even, TSelf odd);

    /// <summary>The elements of even index of both vectors, one after the other.</summary>
    static abstract TSelf EvenElements(TSelf first, TSelf second);

    /// <summary>As <see cref="EvenElements"/>, those of odd index.</summary>
    static abstract TSelf OddElements(TSelf first, TSelf second);
}
