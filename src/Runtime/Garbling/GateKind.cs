namespace PrivateInference.Runtime.Garbling;

/// <summary>The gates of a <see cref="Circuit"/>. Only <see cref="And"/> costs communication.</summary>
public enum GateKind : byte
{
    Xor,
    And,

    /// <summary>Reads its left input alone.</summary>
    Not,
}
