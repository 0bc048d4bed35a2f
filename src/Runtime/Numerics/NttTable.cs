using System.Collections.Concurrent;
using System.Numerics;

namespace PrivateInference.Runtime.Numerics;

/// <summary>
/// The twiddle factors of one negacyclic transform: powers of ψ, a primitive 2N-th root of unity modulo p, in
/// bit-reversed order (Longa and Naehrig 2016, algorithms 1 and 2), so that the multiplication by ψ^i is merged into the
/// butterflies.
/// </summary>
public sealed class NttTable
{
    private static readonly ConcurrentDictionary<(int Degree, ulong Prime), NttTable> Cache = new();

    private readonly ConcurrentDictionary<int, double[]> _powersOfX = new();

    private NttTable(int degree, ulong prime)
    {
        Degree = degree;
        Modulus = new NttModulus(prime);
        Root = FindRoot(Modulus, degree);
        RootPowers = BitReversedPowers(Root);
        InverseRootPowers = BitReversedPowers(Modulus.Invert(Root));
        var inverseDegree = Modulus.Invert((ulong)degree);
        InverseDegree = inverseDegree;
        LastInverseTwiddle = (ulong)((UInt128)inverseDegree * (ulong)InverseRootPowers[1] % prime);
    }

    /// <summary>N, a power of two.</summary>
    public int Degree { get; }

    public NttModulus Modulus { get; }

    /// <summary>ψ.</summary>
    public ulong Root { get; }

    /// <summary>ψ^bitreverse(i) at i.</summary>
    internal double[] RootPowers { get; }

    /// <summary>ψ^-bitreverse(i) at i.</summary>
    internal double[] InverseRootPowers { get; }

    /// <summary>1/N, which the last inverse stage merges into its sums.</summary>
    internal double InverseDegree { get; }

    /// <summary>ψ^-(N/2)/N, which the last inverse stage merges into its differences.</summary>
    internal double LastInverseTwiddle { get; }

    /// <summary>The table of a degree (a power of two, at least 2) and a prime that is 1 modulo twice the degree.</summary>
    public static NttTable Get(int degree, ulong prime) =>
        Cache.GetOrAdd((degree, prime), static key => new NttTable(key.Degree, key.Prime));

    /// <summary>The transform of X^exponent, made once; exponents are few and below N.</summary>
    internal double[] PowerOfX(int exponent) => _powersOfX.GetOrAdd(exponent, static (key, table) => table.MakePowerOfX(key), this);

    private double[] MakePowerOfX(int exponent)
    {
        var polynomial = new double[Degree];
        polynomial[exponent] = 1;
        NttTransform.Forward(polynomial, this);
        return polynomial;
    }

    private static ulong FindRoot(NttModulus modulus, int degree)
    {
        if (degree is < 2 or > 8192 || !BitOperations.IsPow2(degree))
            throw new ArgumentOutOfRangeException(nameof(degree), degree, "The degree must be a power of two from 2 to 8192.");
        if (modulus.Prime % (2 * (ulong)degree) != 1)
            throw new ArgumentException($"{modulus.Prime} is not 1 modulo {2 * degree}.", nameof(modulus));
        for (ulong candidate = 2; ; candidate++)
        {
            var root = modulus.Power(candidate, (modulus.Prime - 1) / (2 * (ulong)degree));
            if (modulus.Power(root, (ulong)degree) == modulus.Prime - 1)
                return root;
        }
    }

    private double[] BitReversedPowers(ulong root)
    {
        var powers = new double[Degree];
        var bits = BitOperations.Log2((uint)Degree);
        UInt128 power = 1;
        for (var i = 0; i < Degree; i++)
        {
            powers[ReverseBits(i, bits)] = (double)power;
            power = power * root % Modulus.Prime;
        }

        return powers;
    }

    internal static int ReverseBits(int value, int bits)
    {
        var reversed = 0;
        for (var i = 0; i < bits; i++)
            reversed |= ((value >> i) & 1) << (bits - 1 - i);
        return reversed;
    }
}
