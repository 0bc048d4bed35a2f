using System.Numerics;
using PrivateInference.Runtime.Numerics;
using PrivateInference.Runtime.Plan;

namespace PrivateInference.Runtime.Homomorphic;

/// <summary>
/// Derives the RLWE parameters of a linear layer. All of it is IEEE arithmetic on correctly rounded operations, so every
/// machine derives the same.
/// </summary>
/// <remarks>
/// <para>
/// <b>Noise of a product.</b> A request coefficient carries an error e of the centred binomial distribution, whose variance
/// and sub-Gaussian parameter are both η/2 = 10.5 (it is a sum of 2η half Rademacher variables), and a rounding error ρ of
/// q·m/t, which the client dithers: it has mean 0 and lies in an interval of length 1, so its parameter is at most 1/4.
/// A weight polynomial holds the rows of <c>m</c> output channels, so its Euclidean norm is at most √m·2^WeightNormBits over
/// all input ciphertexts, and the product's noise has parameter (10.5 + 1/4)·m·2^(2·WeightNormBits). The server's
/// encryption of zero adds ⟨e_pk, u⟩ + ⟨e1, s⟩ with ‖u‖², ‖s‖² ≤ N: 10.5·2N more. Together: σ². Encoding the server's mask
/// adds a rounding error of at most 1/2. Products wrap modulo t without noise: w·(q/t)·m ≡ (q/t)·(w·m mod t) modulo q.
/// </para>
/// <para>
/// <b>Hiding.</b> The noise v of an output depends on the weights, so the server adds an integer uniform in ±2^F. Shifting
/// that by v changes its distribution by |v|/2^(F+1). Conditioned on everything else that the client sees, the n outputs
/// together leak at most Σ|v|/2^(F+1), on average over the honest client's and the server's coins at most
/// n·(σ + 1/2)/2^(F+1), as E|v| ≤ √E v². With 2^F ≥ n·(σ + 1/2)·2^39 this is at most 2^-40. The rest of the response, c1, would be w·a
/// without the encryption of zero and would give the weights away; with it, c1 is pseudorandom by RLWE.
/// </para>
/// <para>
/// <b>Correctness.</b> Compression to multiples of q/2^b moves c0 by at most q/2^(b0+1), and c1 by errors in ±q/2^(b1+1) that
/// the ternary secret combines: parameter N·(q/2^(b1+1))². An output decrypts if the sum stays below q/2t:
/// τσ + 1/2 + 2^F + q·2^-(b0+1) + τ·√N·q·2^-(b1+1) &lt; q/2t, where τ² = 2·ln 2·(42 + log2 n) leaves each of the two random
/// terms a probability of 2^-41 to exceed τ deviations anywhere in the layer. The flood enters with its maximum.
/// By the hiding condition τσ + 1/2 ≤ τ·2^(F−39).
/// </para>
/// </remarks>
public static class NoiseBudget
{
    private const double ErrorVariance = RlweSampler.BinomialBits / 2.0;
    private const double DitherVariance = 0.25;
    private const int HidingBits = 40;

    /// <summary>No sum of products of 64-bit weights has a greater norm.</summary>
    private const int MaximumWeightNormBits = 128;

    /// <summary>The client splits a coefficient of c1 into 36 bits and a rest, which must be within the lazy bound of 49 bits.</summary>
    private const int MaximumUniformBits = 84;

    /// <summary>Bound of what 128-bit fixed-point fractions of q lose in compression and decryption, as a part of q.</summary>
    private static readonly double FixedPointError = Math.ScaleB(1, -75);

    /// <summary>The settings with the least traffic under which the layer decrypts and hides the weights.</summary>
    /// <param name="geometry">The layer.</param>
    /// <param name="ringBits">ℓ, from 1 to 64.</param>
    /// <param name="weightNormBits">Every weight row's Euclidean norm is at most 2^weightNormBits.</param>
    /// <exception cref="NoiseBudgetException">No parameter set has room for the layer.</exception>
    public static RlweSettings Choose(ConvolutionGeometry geometry, int ringBits, int weightNormBits)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(ringBits, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(ringBits, 64);
        ArgumentOutOfRangeException.ThrowIfNegative(weightNormBits);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(weightNormBits, MaximumWeightNormBits);
        RlweSettings? best = null;
        var bestCost = double.PositiveInfinity;
        foreach (var (degree, primeCount) in RlweParameters.Supported)
        {
            // A larger flood allows more output channels in a polynomial, hence fewer ciphertexts.
            var smallest = RequiredFloodBits(geometry, degree, weightNormBits, 1);
            var largest = RequiredFloodBits(geometry, degree, weightNormBits, geometry.OutputChannels);
            for (var floodBits = smallest; floodBits <= largest; floodBits++)
            {
                var settings = new RlweSettings
                {
                    Degree = degree,
                    PrimeCount = primeCount,
                    WeightNormBits = weightNormBits,
                    FloodBits = floodBits,
                };
                if (Precision(geometry, settings, ringBits) is not { } precision)
                    break;
                if (TilingSearch.Best(geometry, settings, precision) is { } tiling && tiling.Cost < bestCost)
                    (best, bestCost) = (settings, tiling.Cost);
            }
        }

        return best ?? throw NoRoom(geometry, ringBits, weightNormBits);
    }

    /// <summary>Checks settings that come from a file against the same derivation.</summary>
    /// <exception cref="PlanFormatException">The settings are unknown, would not hide the weights, or would not decrypt.</exception>
    public static void Require(ConvolutionGeometry geometry, RlweSettings settings, int ringBits)
    {
        if (ringBits is < 1 or > 64)
            throw new PlanFormatException($"A ring of {ringBits} bits is not supported; the plan is damaged.");
        if (!RlweParameters.Supported.Contains((settings.Degree, settings.PrimeCount)))
            throw new PlanFormatException($"RLWE degree {settings.Degree} with {settings.PrimeCount} primes is not a supported parameter set.");
        if (settings.WeightNormBits is < 0 or > MaximumWeightNormBits
            || settings.FloodBits < RequiredFloodBits(geometry, settings.Degree, settings.WeightNormBits, 1))
            throw new PlanFormatException($"Flood noise of {settings.FloodBits} bits would not hide the layer's weights.");
        if (Precision(geometry, settings, ringBits) is null)
            throw new PlanFormatException($"Flood noise of {settings.FloodBits} bits leaves no room to decrypt modulo 2^{ringBits}.");
    }

    /// <summary>σ: the standard deviation of a product's noise, with so many output channels in a polynomial.</summary>
    internal static double Deviation(int degree, int weightNormBits, int channelsPerPolynomial) =>
        Math.Sqrt(((ErrorVariance + DitherVariance) * channelsPerPolynomial * Math.ScaleB(1, 2 * weightNormBits))
            + (ErrorVariance * 2 * degree));

    /// <summary>The least F that hides the weights.</summary>
    internal static int RequiredFloodBits(ConvolutionGeometry geometry, int degree, int weightNormBits, int channelsPerPolynomial)
    {
        var required = geometry.OutputCount * (Deviation(degree, weightNormBits, channelsPerPolynomial) + 0.5);
        var exponent = Math.ILogB(required);
        return exponent + (Math.ScaleB(1, exponent) < required ? 1 : 0) + HidingBits - 1;
    }

    /// <summary>τ: how many deviations a noise term stays within, but for a probability of 2^-41 over the layer.</summary>
    internal static double TailFactor(ConvolutionGeometry geometry)
    {
        const double TwiceLn2 = 1.3862943611198906;
        return Math.Sqrt(TwiceLn2 * (HidingBits + 2 + 1 + BitOperations.Log2((uint)geometry.OutputCount)));
    }

    /// <summary>The coarsest compression that still decrypts, or null where even none would.</summary>
    internal static ResponsePrecision? Precision(ConvolutionGeometry geometry, RlweSettings settings, int ringBits)
    {
        var tail = TailFactor(geometry);
        var noise = Math.ScaleB(1, settings.FloodBits) * (1 + Math.ScaleB(tail, 1 - HidingBits)) / Modulus(settings.PrimeCount);
        var room = Math.ScaleB(1, -(ringBits + 1)) - noise - FixedPointError;
        if (room <= 0)
            return null;

        // c1 is sent whole, so it gets most of the room.
        var uniformBits = SmallestBits(tail * Math.Sqrt(settings.Degree), room * 7 / 8);
        if (uniformBits > MaximumUniformBits)
            return null;
        var rest = room - Math.ScaleB(tail * Math.Sqrt(settings.Degree), -(uniformBits + 1));
        return new ResponsePrecision(SmallestBits(1, rest), uniformBits);
    }

    /// <summary>The least b with error·2^-(b+1) ≤ room.</summary>
    private static int SmallestBits(double error, double room)
    {
        var bits = 1;
        while (Math.ScaleB(error, -(bits + 1)) > room)
            bits++;
        return bits;
    }

    /// <summary>A value just below q.</summary>
    private static double Modulus(int primeCount)
    {
        var product = 1 - Math.ScaleB(1, -48);
        foreach (var prime in NttPrimes.All[..primeCount])
            product *= prime;
        return product;
    }

    private static NoiseBudgetException NoRoom(ConvolutionGeometry geometry, int ringBits, int weightNormBits)
    {
        var (degree, primeCount) = RlweParameters.Supported[^1];
        var needed = RequiredFloodBits(geometry, degree, weightNormBits, 1) + ringBits + 2;
        if (needed <= primeCount * NttPrimes.Bits)
            return new NoiseBudgetException($"The layer's kernel spans more than {degree} elements of an image. Use a smaller kernel or dilation.");
        return new NoiseBudgetException(
            $"The layer needs a ciphertext modulus of {needed} bits; 128-bit security at degree {degree} allows "
            + $"{primeCount * NttPrimes.Bits}. Use a smaller weight scale or a smaller ring than 2^{ringBits}.");
    }
}
