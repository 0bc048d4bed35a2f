using System.Buffers.Binary;
using System.Security.Cryptography;

namespace PrivateInference.Runtime.Plan.Serialization;

/// <summary>
/// The frame of plan and weight files: magic, format version, SHA-256 of the body, body. The digest finds damage; it is
/// no signature.
/// </summary>
internal sealed class FileEnvelope(string kind, ReadOnlyMemory<byte> magic)
{
    private const int VersionOffset = 4;
    private const int DigestOffset = 8;
    private const int BodyOffset = DigestOffset + SHA256.HashSizeInBytes;

    public static FileEnvelope Plan { get; } = new("plan", "OM2P"u8.ToArray());

    public static FileEnvelope Weights { get; } = new("weight", "OM2W"u8.ToArray());

    public byte[] Wrap(ReadOnlySpan<byte> body)
    {
        byte[] file = new byte[BodyOffset + body.Length];
        magic.Span.CopyTo(file);
        BinaryPrimitives.WriteUInt32LittleEndian(file.AsSpan(VersionOffset), ExecutionPlan.FormatVersion);
        SHA256.HashData(body, file.AsSpan(DigestOffset));
        body.CopyTo(file.AsSpan(BodyOffset));
        return file;
    }

    /// <summary>The body of a file.</summary>
    /// <exception cref="PlanFormatException">Not such a file, another version, or damaged.</exception>
    public ReadOnlySpan<byte> Unwrap(ReadOnlySpan<byte> file)
    {
        if (!file.StartsWith(magic.Span))
            throw new PlanFormatException($"This is not a {kind} file.");
        if (file.Length < BodyOffset)
            throw new PlanFormatException($"The {kind} file is damaged: it ends after {file.Length} bytes.");
        uint version = BinaryPrimitives.ReadUInt32LittleEndian(file[VersionOffset..]);
        if (version != ExecutionPlan.FormatVersion)
        {
            throw new PlanFormatException(
                $"The {kind} file has format version {version}; this build reads version {ExecutionPlan.FormatVersion}. Compile the model again with this build.");
        }

        ReadOnlySpan<byte> body = file[BodyOffset..];
        if (!file.Slice(DigestOffset, SHA256.HashSizeInBytes).SequenceEqual(SHA256.HashData(body)))
            throw new PlanFormatException($"The {kind} file is damaged: its content does not match its digest.");
        return body;
    }
}
