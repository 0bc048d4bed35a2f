using System.Collections.Immutable;
using System.Security.Cryptography;
using Google.Protobuf;
using PrivateInference.Runtime.Plan.Schema;
using PrivateInference.Runtime.Plan.Serialization;

namespace PrivateInference.Runtime.Plan;

/// <summary>Plans as files. Equal plans give equal bytes, and a file that reads is the one this build writes for its plan.</summary>
public static class PlanSerializer
{
    /// <summary>Larger files are refused unread; a plan holds no weights and is small.</summary>
    public const int MaxFileBytes = 64 << 20;

    /// <exception cref="PlanFormatException">The plan is not valid.</exception>
    public static byte[] Write(ExecutionPlan plan)
    {
        PlanVerifier.Require(plan);
        return FileEnvelope.Plan.Wrap(Body(plan));
    }

    /// <summary>Reads and verifies a plan.</summary>
    /// <exception cref="PlanFormatException">Not a plan, another version, damaged, or without meaning; the message says which.</exception>
    public static ExecutionPlan Read(ReadOnlySpan<byte> file)
    {
        if (file.Length > MaxFileBytes)
            throw new PlanFormatException($"A plan file of {file.Length} bytes is too large; the limit is {MaxFileBytes}.");
        ReadOnlySpan<byte> body = FileEnvelope.Plan.Unwrap(file);
        ExecutionPlan plan;
        try
        {
            plan = PlanReader.Read(PlanBody.Parser.ParseFrom(body));
        }
        catch (InvalidProtocolBufferException e)
        {
            throw new PlanFormatException($"The plan file is damaged: {e.Message}", e);
        }

        PlanVerifier.Require(plan);
        if (!body.SequenceEqual(Body(plan)))
            throw new PlanFormatException("The plan file is not in canonical form: it holds more than its plan.");
        return plan;
    }

    /// <exception cref="PlanFormatException">See <see cref="Read"/>.</exception>
    /// <exception cref="IOException">The file cannot be read.</exception>
    public static ExecutionPlan Load(string path)
    {
        if (new FileInfo(path).Length > MaxFileBytes)
            throw new PlanFormatException($"'{path}' is too large for a plan file; the limit is {MaxFileBytes} bytes.");
        return Read(File.ReadAllBytes(path));
    }

    /// <summary>SHA-256 of the plan file's body.</summary>
    internal static ImmutableArray<byte> Hash(ExecutionPlan plan) => [.. SHA256.HashData(Body(plan))];

    private static byte[] Body(ExecutionPlan plan) => PlanWriter.Write(plan).ToByteArray();
}
