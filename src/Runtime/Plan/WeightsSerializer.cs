using System.Collections.Immutable;
using System.Security.Cryptography;
using Google.Protobuf;
using PrivateInference.Runtime.Plan.Schema;
using PrivateInference.Runtime.Plan.Serialization;

namespace PrivateInference.Runtime.Plan;

/// <summary>Weights as files, each element in the fewest bytes that hold its tensor.</summary>
public static class WeightsSerializer
{
    public static byte[] Write(ModelWeights weights) => FileEnvelope.Weights.Wrap(Body(weights));

    /// <summary>
    /// SHA-256 of the weight file's body: what <see cref="ExecutionPlan.WeightsDigest"/> holds. It is public with the plan
    /// and tells nothing about unknown weights, but lets a party who already has a candidate file confirm it.
    /// </summary>
    public static ImmutableArray<byte> Digest(ModelWeights weights) => [.. SHA256.HashData(Body(weights))];

    /// <summary>Reads the weights that belong to <paramref name="plan"/>.</summary>
    /// <exception cref="PlanFormatException">Not a weight file, another version, damaged, or weights of another plan.</exception>
    public static ModelWeights Read(ReadOnlySpan<byte> file, ExecutionPlan plan)
    {
        ArgumentNullException.ThrowIfNull(plan);
        ReadOnlySpan<byte> body = FileEnvelope.Weights.Unwrap(file);
        if (!plan.WeightsDigest.AsSpan().SequenceEqual(SHA256.HashData(body)))
            throw new PlanFormatException($"These weights belong to another plan than '{plan.Name}'.");
        ModelWeights weights;
        try
        {
            weights = new ModelWeights { Tensors = [.. WeightsBody.Parser.ParseFrom(body).Tensors.Select(Unpack)] };
        }
        catch (InvalidProtocolBufferException e)
        {
            throw new PlanFormatException($"The weight file is damaged: {e.Message}", e);
        }

        PlanVerifier.Require(plan, weights);
        return weights;
    }

    /// <exception cref="PlanFormatException">See <see cref="Read"/>.</exception>
    /// <exception cref="IOException">The file cannot be read.</exception>
    public static ModelWeights Load(string path, ExecutionPlan plan) => Read(File.ReadAllBytes(path), plan);

    private static byte[] Body(ModelWeights weights)
    {
        ArgumentNullException.ThrowIfNull(weights);
        return new WeightsBody { Tensors = { weights.Tensors.Select(Pack) } }.ToByteArray();
    }

    private static WeightEntry Pack(WeightTensor tensor)
    {
        int width = PackedIntegers.Width(tensor.Elements.AsSpan());
        return new WeightEntry
        {
            Name = tensor.Name,
            Shape = { tensor.Shape },
            Width = width,
            Elements = UnsafeByteOperations.UnsafeWrap(PackedIntegers.Pack(tensor.Elements.AsSpan(), width)),
        };
    }

    private static WeightTensor Unpack(WeightEntry entry)
    {
        if (entry.Width is < 1 or > 8 || entry.Elements.Length % entry.Width != 0)
            throw new PlanFormatException($"The weight file is damaged: tensor '{entry.Name}' has {entry.Elements.Length} bytes of width {entry.Width}.");
        return new WeightTensor
        {
            Name = entry.Name,
            Shape = [.. entry.Shape],
            Elements = PackedIntegers.Unpack(entry.Elements.Span, entry.Width),
        };
    }
}
