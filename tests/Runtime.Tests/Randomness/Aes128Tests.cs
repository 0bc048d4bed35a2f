using System.Runtime.InteropServices;
using System.Security.Cryptography;
using PrivateInference.Runtime.Randomness;

namespace PrivateInference.Runtime.Tests.Randomness;

public sealed class Aes128Tests
{
    [Fact]
    public void The_standards_cipher_example_holds() // FIPS 197, appendix C.1
    {
        Block output = EncryptOne("000102030405060708090a0b0c0d0e0f", "00112233445566778899aabbccddeeff");
        Assert.Equal("69c4e0d86a7b0430d8cdb78070b4c55a", Hex(output));
    }

    [Fact]
    public void The_standards_key_expansion_example_holds() // FIPS 197, appendix A.1
    {
        AesKey key = AesKey.Expand(FromHex("2b7e151628aed2a6abf7158809cf4f3c"));
        Assert.Equal("a0fafe1788542cb123a339392a6c7605", Hex(key[1]));
        Assert.Equal("d014f9a8c9ee2589e13f0cc8b6630ca6", Hex(key[10]));
    }

    [Fact]
    public void The_electronic_codebook_vectors_hold() // SP 800-38A, F.1.1
    {
        const string Key = "2b7e151628aed2a6abf7158809cf4f3c";
        Assert.Equal("3ad77bb40d7a3660a89ecaf32466ef97", Hex(EncryptOne(Key, "6bc1bee22e409f96e93d7e117393172a")));
        Assert.Equal("f5d3d58503b9699de785895a96fdbaaf", Hex(EncryptOne(Key, "ae2d8a571e03ac9c9eb76fac45af8e51")));
        Assert.Equal("43b1cd7f598ece23881b00e3ed030688", Hex(EncryptOne(Key, "30c81c46a35ce411e5fbc1191a0a52ef")));
        Assert.Equal("7b0c785e27e8ad3f8223207104725dd4", Hex(EncryptOne(Key, "f69f2445df4f9b17ad2b417be66c3710")));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(7)]
    [InlineData(8)]
    [InlineData(9)]
    [InlineData(31)]
    public void Any_number_of_blocks_encrypts_as_the_platforms_cipher_does(int count)
    {
        byte[] key = RandomNumberGenerator.GetBytes(16);
        byte[] plain = RandomNumberGenerator.GetBytes(16 * count);
        byte[] cipher = new byte[plain.Length];
        AesKey expanded = AesKey.Expand(Block.Read(key));
        Aes128.Encrypt(in expanded, MemoryMarshal.Cast<byte, Block>(plain.AsSpan()), MemoryMarshal.Cast<byte, Block>(cipher.AsSpan()));

        using var reference = Aes.Create();
        reference.Key = key;
        Assert.Equal(reference.EncryptEcb(plain, PaddingMode.None), cipher);
    }

    [Fact]
    public void The_portable_kernel_equals_the_platforms_cipher() => KernelEqualsPlatform<AesPortable>();

    [SkippableFact]
    public void The_x86_kernel_equals_the_platforms_cipher()
    {
        Skip.IfNot(AesX86.IsSupported);
        KernelEqualsPlatform<AesX86>();
    }

    [SkippableFact]
    public void The_arm_kernel_equals_the_platforms_cipher()
    {
        Skip.IfNot(AesArm.IsSupported);
        KernelEqualsPlatform<AesArm>();
    }

    [Fact]
    public void Expanding_into_too_little_room_is_refused() =>
        Assert.Throws<ArgumentException>(() => Aes128.ExpandKeys(new Block[3], new AesKey[2]));

    private static void KernelEqualsPlatform<TKernel>()
        where TKernel : IAesKernel
    {
        foreach (int count in (int[])[1, 8, 16, 19])
        {
            byte[] keyBytes = RandomNumberGenerator.GetBytes(count * 16);
            byte[] data = RandomNumberGenerator.GetBytes(Aes128.Lanes * 16);
            var keys = new AesKey[count];
            TKernel.ExpandKeys(MemoryMarshal.Cast<byte, Block>(keyBytes.AsSpan()), keys);
            for (int i = 0; i < keys.Length; i++)
            {
                using var reference = Aes.Create();
                reference.Key = keyBytes[(16 * i)..(16 * (i + 1))];
                byte[] expected = reference.EncryptEcb(data, PaddingMode.None);
                ref Block first = ref MemoryMarshal.Cast<byte, Block>(data.AsSpan())[0];
                TKernel.Encrypt8(in keys[i], ref first, ref first);
                Assert.Equal(expected, data);
            }
        }
    }

    private static Block EncryptOne(string key, string plain)
    {
        AesKey expanded = AesKey.Expand(FromHex(key));
        Block[] block = [FromHex(plain)];
        Aes128.Encrypt(in expanded, block, block);
        return block[0];
    }

    private static Block FromHex(string hex) => Block.Read(Convert.FromHexString(hex));

    private static string Hex(Block block)
    {
        byte[] bytes = new byte[Block.Size];
        block.Write(bytes);
        return Convert.ToHexStringLower(bytes);
    }
}
