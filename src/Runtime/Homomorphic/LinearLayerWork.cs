using PrivateInference.Runtime.Costs;

namespace PrivateInference.Runtime.Homomorphic;

/// <summary>
/// The computation of a linear layer's offline phase. AES calls count two words a block; the rejections of uniform sampling,
/// fewer than one in 10^5, are left out.
/// </summary>
internal static class LinearLayerWork
{
    /// <summary>Words of 64 bits in a block of the stream.</summary>
    private const int WordsPerBlock = 2;

    private const int FloodDigitBits = 36;

    /// <summary>The client encrypts its mask; see <see cref="RequestBuilder"/>.</summary>
    public static WorkCost Encryption(ConvolutionPacking packing)
    {
        var residues = RequestResidues(packing);
        return new WorkCost
        {
            // The uniform half, and a dither and an error a coefficient.
            AesCalls = (residues + (2 * RequestCiphertexts(packing) * packing.Parameters.Degree)) / WordsPerBlock,
            Transforms = RequestCiphertexts(packing) * packing.Parameters.PrimeCount,
            // By the secret, and by the two halves of the scale.
            RingMultiplications = 3 * residues,
            Units = WorkCost.Of(Primitive.EncryptedResidue, residues).Units,
        };
    }

    /// <summary>The server reads the request, multiplies by its weights and answers; see <see cref="ResponseBuilder"/>.</summary>
    /// <param name="packing">The layer.</param>
    /// <param name="keptWeights">Whether its transformed weights are kept.</param>
    public static WorkCost Evaluation(ConvolutionPacking packing, bool keptWeights)
        => Expansion(packing) + Products(packing, keptWeights) + Answer(packing);

    /// <summary>The client decrypts its share; see <see cref="SecretMultiplier"/>.</summary>
    public static WorkCost Decryption(ConvolutionPacking packing)
    {
        var primes = SecretMultiplier.Primes(packing.Parameters, packing.Precision.UniformBits);
        var residues = ResponseCiphertexts(packing) * packing.Parameters.Degree * primes;
        return new WorkCost
        {
            Transforms = 2 * ResponseCiphertexts(packing) * primes,
            RingMultiplications = 2 * residues,
            Units = WorkCost.Of(Primitive.DecryptedResidue, residues).Units,
        };
    }

    private static WorkCost Expansion(ConvolutionPacking packing) => new()
    {
        AesCalls = RequestResidues(packing) / WordsPerBlock,
        Units = WorkCost.Of(Primitive.ExpandedResidue, RequestResidues(packing)).Units,
    };

    private static WorkCost Products(ConvolutionPacking packing, bool keptWeights)
    {
        var polynomials = PreparedWeights.CountPolynomials(packing) * packing.Parameters.ResidueCount;
        var passes = TilingSearch.CeilingDivide(packing.Patches, LinearLayerServer.PatchesAtOnce(packing, keptWeights));
        var made = keptWeights ? 0 : passes * PreparedWeights.CountResidues(packing);
        var products = (2 * packing.Patches * polynomials) + (passes * (packing.Layout.Parts - 1) * polynomials);
        return new WorkCost
        {
            Transforms = made / packing.Parameters.Degree,
            RingMultiplications = products,
            Units = (WorkCost.Of(Primitive.MultipliedResidue, products / 2) + WorkCost.Of(Primitive.PreparedResidue, made)).Units,
        };
    }

    private static WorkCost Answer(ConvolutionPacking packing)
    {
        var (ciphertexts, outputs) = (ResponseCiphertexts(packing), (long)packing.Geometry.OutputCount);
        var digits = (packing.Settings.FloodBits + FloodDigitBits) / FloodDigitBits;
        var residues = ciphertexts * packing.Parameters.ResidueCount;
        return new WorkCost
        {
            AesCalls = ((2 * ciphertexts * packing.Parameters.Degree) + (digits * outputs)) / WordsPerBlock,
            // The encryption of zero forth, both halves of the answer back.
            Transforms = 3 * ciphertexts * packing.Parameters.PrimeCount,
            RingMultiplications = (2 * residues) + ((2 + digits) * outputs * packing.Parameters.PrimeCount),
            Units = WorkCost.Of(Primitive.AnsweredResidue, residues).Units,
        };
    }

    private static long RequestCiphertexts(ConvolutionPacking packing) => (long)packing.Patches * packing.InputTiles;

    private static long RequestResidues(ConvolutionPacking packing) => RequestCiphertexts(packing) * packing.Parameters.ResidueCount;

    private static long ResponseCiphertexts(ConvolutionPacking packing) => (long)packing.Patches * packing.OutputTiles;
}
