namespace PrivateInference.Runtime.Costs;

/// <summary>
/// The units in which a protocol counts its computation, and a host's speed is measured. They are disjoint: a garbled gate
/// includes its AES calls, which <see cref="WorkCost.AesCalls"/> counts besides.
/// </summary>
public enum Primitive
{
    /// <summary>One block of an AES stream: random shares, and pads of shared decisions.</summary>
    StreamedBlock,

    /// <summary>One AND gate of one instance, garbled with the free gates around it; whole blocks of eight instances count.</summary>
    GarbledGate,

    /// <summary>One AND gate of one instance, evaluated.</summary>
    EvaluatedGate,

    /// <summary>One input label of the garbler, selected by its share and sent.</summary>
    SelectedLabel,

    /// <summary>One correlated oblivious transfer, at the party that chooses.</summary>
    TransferChosen,

    /// <summary>One correlated oblivious transfer, at the party that offers.</summary>
    TransferOffered,

    /// <summary>One correlation of silent oblivious transfer, at either party; what an extension keeps for the next one counts.</summary>
    SilentTransfer,

    /// <summary>One hash of a correlation to bits or words of a product.</summary>
    TransferPad,

    /// <summary>One residue of a request ciphertext, encrypted.</summary>
    EncryptedResidue,

    /// <summary>One residue of a request ciphertext, unpacked, with its uniform half expanded from the seed.</summary>
    ExpandedResidue,

    /// <summary>One residue of a weight polynomial, multiplied with both halves of a ciphertext.</summary>
    MultipliedResidue,

    /// <summary>One residue of a weight polynomial that is too large to be kept, transformed when it is needed.</summary>
    PreparedResidue,

    /// <summary>One residue of a response ciphertext: re-randomised, transformed back, flooded, compressed.</summary>
    AnsweredResidue,

    /// <summary>One residue of a response ciphertext, decrypted.</summary>
    DecryptedResidue,

    /// <summary>One multiply-accumulate of 64-bit words in a linear step's online phase.</summary>
    MultiplyAccumulate,

    /// <summary>One ring element that is packed, unpacked, moved or added.</summary>
    HandledElement,

    /// <summary>One multiplication of a point of P-256 by a secret.</summary>
    CurveMultiplication,

    /// <summary>One byte of material, written to fresh memory.</summary>
    StoredByte,

    /// <summary>One byte of material, cleared or given back to the system after its use.</summary>
    ReleasedByte,

    /// <summary>One byte handed to the transport: TLS, copies, system calls.</summary>
    SentByte,

    /// <summary>One byte taken from the transport.</summary>
    ReceivedByte,

    /// <summary>One message handed over: the wake-up of the receiver.</summary>
    Message,
}
